"""Run the stages over files: examine each, then rewrite and prove package by package.

Rules: the stages are parameters; a crash costs one site, or one file, and is reported as failed. Rows keep the order
of paths and lines. Nothing is written here.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from mulligan_codemods.central.homes import Home, home_of
from mulligan_codemods.config import Config
from mulligan_codemods.rows import Report, Row
from mulligan_codemods.run.campaign import Campaign, concluded, planned
from mulligan_codemods.run.examine import Examined, examine, vanished
from mulligan_codemods.run.rewrite import died, rewrite
from mulligan_codemods.run.workers import mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mulligan_codemods.files.write import Change
    from mulligan_codemods.run.stages import Stages

__all__ = ["Options", "Progress", "run", "silent"]


Item = TypeVar("Item")
Result = TypeVar("Result")

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
        jobs: how many processes to use.
    """

    prove: bool
    unsafe: bool = False
    policies: str | None = None
    config: Config = field(default_factory=Config)
    jobs: int = 1


def run(files: Sequence[str], stages: Stages, options: Options, progress: Progress = silent) -> Report:
    """Examine `files`, and rewrite and prove what the options ask for."""
    began = time.perf_counter()
    look = partial(examine, recognise=stages.recognise, config=options.config)
    examined = _all("Scanning", look, files, options.jobs, died=vanished, progress=progress)
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
    plans = [planned(home, homes[home], stages, unsafe=options.unsafe) for home in sorted(homes)]
    tasks = [task for plan in plans if isinstance(plan, Campaign) for task in plan.tasks]
    rewrites = iter(_all("Proving", partial(rewrite, stages=stages), tasks, options.jobs, died=died, progress=progress))
    rows: dict[str, tuple[Row, ...]] = {}
    changes: list[Change] = []
    for plan in plans:
        done = [next(rewrites) for _ in plan.tasks] if isinstance(plan, Campaign) else []
        outcome = concluded(plan, done) if isinstance(plan, Campaign) else plan
        rows |= outcome.rows
        changes.extend(outcome.changes)
    return rows, tuple(changes)


def _all(
    what: str,
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    *,
    died: Callable[[Item], Result],
    progress: Progress,
) -> list[Result]:
    """Apply a function to all items, tell how far it is, and answer the results in the order of the items."""
    results: dict[int, Result] = {}
    for place, result in mapped(function, items, jobs, died):
        results[place] = result
        progress(what, len(results), len(items))
    return [results[place] for place in range(len(items))]
