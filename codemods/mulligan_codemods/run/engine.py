"""Run the stages over files: examine each, then rewrite and prove package by package.

Rules: the stages are parameters; a crash costs one site, or one file, and is reported as failed. Rows keep the order
of paths and lines. Nothing is written here.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from mulligan_codemods.central.homes import Home, home_of
from mulligan_codemods.collector import SCANNING, collected_at
from mulligan_codemods.config import Config
from mulligan_codemods.files.source import bytes_of
from mulligan_codemods.rows import Report
from mulligan_codemods.run.processes.workers import mapped, suitable_jobs
from mulligan_codemods.run.scanning.cache import content_key, named, opened, salt_of
from mulligan_codemods.run.scanning.examine import Examined, examine, recalled, remembered, vanished

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from mulligan_codemods.files.write import Change
    from mulligan_codemods.rows import FoundHelper, Row
    from mulligan_codemods.run.scanning.cache import Cache
    from mulligan_codemods.run.stages import Stages

__all__ = ["Options", "Progress", "run", "silent"]


Item = TypeVar("Item")
Key = TypeVar("Key")
Result = TypeVar("Result")

ENOUGH_BYTES, ENOUGH_SITES = 4_000_000, 8
"""How many bytes to read, and how many sites to prove, take longer than beginning a process does."""

PROOF_SECONDS = 600.0
"""How long the rewrites of one file may take; each proof has its own, tighter bound."""

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
        staged: whether rewrites keep the old code behind the flag.
        policies: the central module's file, where the user named one.
        config: codes to report, and what to leave out.
        jobs: how many processes to use; 0: as many as there are processors, where there is work for them.
        seconds: how long it may take to read one file and to recognise its sites.
        cache: the folder of the cache, `None` for none.
    """

    prove: bool
    unsafe: bool = False
    staged: bool = False
    policies: str | None = None
    config: Config = field(default_factory=Config)
    jobs: int = 1
    seconds: float = 30.0
    cache: Path | None = None


@collected_at(SCANNING)
def run(files: Sequence[str], stages: Stages, options: Options, progress: Progress = silent) -> Report:
    """Examine `files`, and rewrite and prove what the options ask for.

    Ctrl-C ends the run early: the report then holds what was done so far, says so, and plans no change.
    """
    began = time.perf_counter()
    with _cached(options.cache) as cache:
        found = _examined(files, stages, options, cache, progress)
        examined = [found.results[path] for path in files if path in found.results]
        helpers = _helpers(examined, options, cache)
    rewritten = _Rewritten()
    if options.prove and not found.interrupted:
        rewritten = _rewritten(examined, stages, options, progress)
    rows = {each.path: each.rows for each in examined} | rewritten.rows
    return Report(
        rows=tuple(row for each in examined for row in rows[each.path]),
        errors=tuple(each.error for each in examined if each.error is not None),
        files=len(examined),
        seconds=time.perf_counter() - began,
        changes=rewritten.changes,
        proved=options.prove,
        staging=options.staged,
        staged=tuple(branch for each in examined for branch in each.staged),
        modern=sum(each.modern for each in examined),
        helpers=helpers,
        notices=tuple(notice for each in examined for notice in each.notices),
        interrupted=found.interrupted or rewritten.interrupted,
    )


@contextmanager
def _cached(folder: Path | None) -> Generator[Cache | None]:
    cache = None if folder is None else opened(folder)
    try:
        yield cache
    finally:
        if cache is not None:
            cache.close()


def _helpers(examined: Sequence[Examined], options: Options, cache: Cache | None) -> tuple[FoundHelper, ...]:
    if not any(each.engines for each in examined):
        return ()
    from mulligan_codemods.run.scanning.helpers import found_helpers  # noqa: PLC0415 -- most projects have none

    return found_helpers(examined, options.config, cache)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rewritten:
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict[str, tuple["Row", ...]])
    changes: tuple[Change, ...] = ()
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class _Done(Generic[Key, Result]):
    """The results that there are, and whether the user stopped before there were all."""

    results: dict[Key, Result]
    interrupted: bool


def _examined(
    files: Sequence[str], stages: Stages, options: Options, cache: Cache | None, progress: Progress
) -> _Done[str, Examined]:
    salt = b"" if options.cache is None else salt_of(*options.config.judging, named(stages.recognise))
    known = {} if cache is None else _known(files, cache, salt)
    unknown = [path for path in files if path not in known]
    look = partial(examine, recognise=stages.recognise, config=options.config, salt=salt)
    done = _all(
        _Work("Scanning", look, vanished, _size, ENOUGH_BYTES), unknown, options, progress, seconds=options.seconds
    )
    found = {unknown[place]: each for place, each in done.results.items()}
    if cache is not None:
        cache.learn((each.key, remembered(each)) for each in found.values() if each.key is not None)
    return _Done(known | found, done.interrupted)


def _known(files: Sequence[str], cache: Cache, salt: bytes) -> dict[str, Examined]:
    """Answer what the cache holds about files as they are now."""
    known: dict[str, Examined] = {}
    for path in files:
        data = bytes_of(path)
        if data is None:
            continue
        key = content_key(salt, path, data)
        value = cache.known(key)
        examined = None if value is None else recalled(path, key, data, value)
        if examined is not None:
            known[path] = examined
    return known


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 -- as above
    except OSError:
        return 0


def _rewritten(examined: Sequence[Examined], stages: Stages, options: Options, progress: Progress) -> _Rewritten:
    from mulligan_codemods.run.rewriting.campaign import Campaign, concluded, planned  # noqa: PLC0415 -- a scan needs none of it
    from mulligan_codemods.run.rewriting.rewrite import candidates, died, rewrite  # noqa: PLC0415 -- as above

    homes: defaultdict[Home, list[Examined]] = defaultdict(list)
    for each in examined:
        if each.source is not None:
            homes[home_of(each.path, options.policies)].append(each)
    wanted = partial(
        planned, stages=stages, unsafe=options.unsafe, staged=options.staged, helpers=options.config.helpers
    )
    plans = [wanted(home, homes[home]) for home in sorted(homes)]
    tasks = [task for plan in plans if isinstance(plan, Campaign) for task in plan.tasks]
    work = _Work("Proving", partial(rewrite, stages=stages), died, candidates, ENOUGH_SITES)
    done = _all(work, tasks, options, progress, seconds=PROOF_SECONDS)
    if done.interrupted:
        halves = {tasks[place].source.path: each.rows for place, each in done.results.items()}
        rows = {path: tuple(replace(row, planned=False, fix=None) for row in each) for path, each in halves.items()}
        return _Rewritten(rows=rows, interrupted=True)
    rewrites = iter([done.results[place] for place in range(len(tasks))])
    outcomes = [
        concluded(plan, [next(rewrites) for _ in plan.tasks]) if isinstance(plan, Campaign) else plan for plan in plans
    ]
    return _Rewritten(
        rows={path: each for outcome in outcomes for path, each in outcome.rows.items()},
        changes=tuple(change for outcome in outcomes for change in outcome.changes),
    )


@dataclass(frozen=True, slots=True)
class _Work(Generic[Item, Result]):
    """What is done to each item.

    Args:
        name: what it is called.
        function: what is done.
        lost: answers the result of an item that was lost.
        weight: how much work an item is.
        enough: how much work is worth a process of its own.
    """

    name: str
    function: Callable[[Item], Result]
    lost: Callable[[Item, str], Result]
    weight: Callable[[Item], int]
    enough: int


def _all(
    work: _Work[Item, Result], items: Sequence[Item], options: Options, progress: Progress, *, seconds: float
) -> _Done[int, Result]:
    """Apply a function to all items, tell how far it is, and answer the results by the items' places."""
    results: dict[int, Result] = {}
    jobs = options.jobs or suitable_jobs(work.enough, [work.weight(item) for item in items])
    try:
        for place, result in mapped(work.function, items, jobs, work.lost, weight=work.weight, seconds=seconds):
            results[place] = result
            progress(work.name, len(results), len(items))
    except KeyboardInterrupt:
        return _Done(results, interrupted=True)
    return _Done(results, interrupted=False)
