"""Run the stages over files: examine each, then rewrite and prove package by package.

Rules: the stages are parameters; a crash costs one site, or one file, and is reported as failed. Rows keep the order
of paths and lines. Nothing is written here.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from mulligan_codemods.campaign import campaign
from mulligan_codemods.config import Config
from mulligan_codemods.examine import Examined, examine
from mulligan_codemods.homes import Home, home_of
from mulligan_codemods.report.rows import Report, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mulligan_codemods.stages import Stages
    from mulligan_codemods.write import Change

__all__ = ["Options", "Progress", "run", "silent"]


Progress: TypeAlias = "Callable[[str, int, int], None]"
"""Told what is being done, how much of it is done, and of how much."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run.

    Args:
        prove: whether candidates are rewritten and proved; otherwise they stay candidates.
        unsafe: whether rewrites that are not safe are applied too.
        policies: the central module's file, where the user named one.
        config: codes to report, and what to leave out.
    """

    prove: bool
    unsafe: bool = False
    policies: str | None = None
    config: Config = field(default_factory=Config)


def run(files: Sequence[str], stages: Stages, options: Options, progress: Progress = silent) -> Report:
    """Examine `files`, and rewrite and prove what the options ask for."""
    began = time.perf_counter()
    examined: list[Examined] = []
    for path in files:
        examined.append(examine(path, stages.recognise, options.config))
        progress("Scanning", len(examined), len(files))
    rows = {each.path: each.rows for each in examined}
    changes: tuple[Change, ...] = ()
    if options.prove:
        rewritten, changes = _rewritten(examined, stages, options, progress)
        rows |= rewritten
    return Report(
        rows=tuple(row for path in files for row in rows[path]),
        errors=tuple(each.error for each in examined if each.error is not None),
        files=len(files),
        seconds=time.perf_counter() - began,
        changes=changes,
        proved=options.prove,
    )


def _rewritten(
    examined: Sequence[Examined], stages: Stages, options: Options, progress: Progress
) -> tuple[dict[str, tuple[Row, ...]], tuple[Change, ...]]:
    homes: defaultdict[Home, list[Examined]] = defaultdict(list)
    for each in examined:
        if each.source is not None:
            homes[home_of(each.path, options.policies)].append(each)
    total, done = sum(map(len, homes.values())), 0

    def one_more() -> None:
        nonlocal done
        done += 1
        progress("Proving", done, total)

    rows: dict[str, tuple[Row, ...]] = {}
    changes: list[Change] = []
    for home in sorted(homes):
        outcome = campaign(home, homes[home], stages, unsafe=options.unsafe, done=one_more)
        rows |= outcome.rows
        changes.extend(outcome.changes)
    return rows, tuple(changes)
