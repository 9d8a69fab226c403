"""Apply a function to many items, in this process or in several.

Rules: results come as they are ready, each with its item's place. A worker that dies (a parser's crash, the kernel's
memory killer) or takes too long costs the one item that it was at: what it had not answered yet is done again by
another one that answers after each item, so the guilty item is known, given up, and the rest is finished. Processes
are spawned, never forked, so that it is the same on every platform; where none comes up, everything is done in this
one. Whoever stops listening stops the workers.
"""

from __future__ import annotations

import os
from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from mulligan_codemods.run.processes.limits import Overdue, at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mulligan_codemods.run.processes.pool import Pool

__all__ = ["NO_LIMIT", "TOO_SLOW", "batches", "mapped", "suitable_jobs"]

Item = TypeVar("Item")
Result = TypeVar("Result")

NO_LIMIT = 86_400.0
"""Seconds that no item takes."""

TOO_SLOW = "took longer than"
DIED = "the process died"
BATCHES_PER_WORKER = 16


def _alike(_item: object) -> int:
    return 1


def mapped(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    lost: Callable[[Item, str], Result],
    *,
    weight: Callable[[Item], int] = _alike,
    seconds: float = NO_LIMIT,
) -> Iterator[tuple[int, Result]]:
    """Yield the place of each item and the function's result, in any order.

    Args:
        function: what to apply; with several jobs it must pickle, and it must not raise.
        items: what to apply it to.
        jobs: how many processes; 1 stays in this one.
        lost: answers the result of an item that killed its process or took too long, given what happened.
        weight: how much work an item is, in any unit.
        seconds: how long one item may take.

    >>> sorted(mapped(len, ["a", "bc"], 1, lambda item, why: -1))
    [(0, 1), (1, 2)]
    """
    if jobs == 1 or len(items) < 2:
        yield from _here(function, items, range(len(items)), lost, seconds)
        return
    from multiprocessing import get_context  # noqa: PLC0415 -- small runs stay in this process

    from mulligan_codemods.run.processes.pool import Pool  # noqa: PLC0415 -- as above

    waiting = deque(batches([weight(item) for item in items], jobs * BATCHES_PER_WORKER))
    with Pool(get_context("spawn"), function, min(jobs, len(waiting)), seconds) as pool:
        if pool.comes_up():
            yield from _shared(pool, items, waiting, lost, seconds)
            return
    yield from _here(function, items, range(len(items)), lost, seconds)


def suitable_jobs(enough: int, weights: Sequence[int]) -> int:
    """Answer how many processes the work is worth, at most one a processor.

    Args:
        enough: how much work is worth a process.
        weights: how much work each item is.
    """
    return max(1, min(os.cpu_count() or 1, len(weights), sum(weights) // enough))


def batches(weights: Sequence[int], number: int) -> list[range]:
    """Cut places into about `number` runs of neighbours that weigh about the same.

    >>> batches([1, 1, 1, 1, 4, 1, 1], 2)
    [range(0, 5), range(5, 7)]
    """
    target = max(1, sum(weights) // number)
    cuts, heavy = [0], 0
    for place, weight in enumerate(weights, 1):
        heavy += weight
        if heavy >= target:
            cuts.append(place)
            heavy = 0
    if cuts[-1] != len(weights):
        cuts.append(len(weights))
    return [range(begin, end) for begin, end in pairwise(cuts)]


def _here(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    places: range,
    lost: Callable[[Item, str], Result],
    seconds: float,
) -> Iterator[tuple[int, Result]]:
    for place in places:
        try:
            with at_most(seconds):
                result = function(items[place])
        except Overdue:
            result = lost(items[place], f"{TOO_SLOW} {seconds:g} s")
        yield place, result


def _shared(
    pool: Pool[Item, Result],
    items: Sequence[Item],
    waiting: deque[range],
    lost: Callable[[Item, str], Result],
    seconds: float,
) -> Iterator[tuple[int, Result]]:
    """Hand batches to the pool's workers until all are done."""
    suspects: deque[range] = deque()
    while waiting or suspects or pool.is_busy:
        while (waiting or suspects) and pool.is_free:
            careful = not waiting
            batch = suspects.popleft() if careful else waiting.popleft()
            pool.give(batch, [items[place] for place in batch], careful=careful)
        for answer in pool.answers():
            yield from answer.results
            rest = answer.unanswered
            if answer.lost is None or not rest:
                continue
            if answer.careful or len(rest) == 1:
                yield rest[0], lost(items[rest[0]], f"{TOO_SLOW} {seconds:g} s" if answer.lost == "slow" else DIED)
                rest = rest[1:]
            if rest:
                suspects.append(rest)
