"""Apply a function to many items, in this process or in several.

Rules: results come as they are ready, each with its item's place. A worker that dies (a parser's crash, the kernel's
memory killer) costs the one item that killed it: its batch is halved until it is found, and the rest is finished.
Processes are spawned, never forked, so that it is the same on every platform; where none comes up, everything is
done in this one.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["mapped"]

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCHES_PER_WORKER = 16


def mapped(
    function: Callable[[Item], Result], items: Sequence[Item], jobs: int, died: Callable[[Item], Result]
) -> Iterator[tuple[int, Result]]:
    """Yield the place of each item and the function's result, in any order.

    Args:
        function: what to apply; with several jobs it must pickle, and it must not raise.
        items: what to apply it to.
        jobs: how many processes; 1 stays in this one.
        died: answers the result of an item that killed its process.

    >>> sorted(mapped(len, ["a", "bc"], 1, lambda item: -1))
    [(0, 1), (1, 2)]
    """
    if jobs == 1 or len(items) < 2 or not _can_spawn():
        yield from ((place, function(item)) for place, item in enumerate(items))
        return
    size = max(1, len(items) // (jobs * BATCHES_PER_WORKER))
    places = range(len(items))
    batches = [places[begin : begin + size] for begin in range(0, len(items), size)]
    while batches:
        suspects: list[range] = []
        for batch, results in _round(function, items, batches, jobs):
            if results is None:
                suspects.append(batch)
            else:
                yield from zip(batch, results, strict=True)
        lonely = [batch for batch in suspects if len(batch) == 1]
        yield from ((batch[0], _alone(function, items[batch[0]], died)) for batch in lonely)
        batches = [half for batch in suspects if len(batch) > 1 for half in _halves(batch)]


def _can_spawn() -> bool:
    """Tell whether a new process comes up at all: under a main module without a guard none does."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(bool, 1).result()
        except BrokenProcessPool:
            return False


def _round(
    function: Callable[[Item], Result], items: Sequence[Item], batches: Sequence[range], jobs: int
) -> Iterator[tuple[range, list[Result] | None]]:
    """Yield each batch with its results, or with `None` where a process died before they were there."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(_batch, function, [items[place] for place in batch]): batch for batch in batches}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                yield futures[future], None


def _batch(function: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    return [function(item) for item in items]


def _alone(function: Callable[[Item], Result], item: Item, died: Callable[[Item], Result]) -> Result:
    """Try an item in a process of its own, where only it can be guilty."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(function, item).result()
        except BrokenProcessPool:
            return died(item)


def _halves(batch: range) -> tuple[range, range]:
    middle = len(batch) // 2
    return batch[:middle], batch[middle:]
