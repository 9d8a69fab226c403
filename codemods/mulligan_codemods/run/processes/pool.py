"""Worker processes that answer while they work, so that it is known what each of them is at.

Rules: a worker gets a batch and answers its results in order, every quarter of a second, or after each item where it
is told to be careful. It says that it is there before it gets work. One that died or was silent for too long is
replaced. Leaving the pool ends every process at once.
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from mulligan_codemods.collector import SCANNING, collected_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext
    from multiprocessing.process import BaseProcess
    from types import TracebackType
    from typing import Self

__all__ = ["Answer", "Pool"]

Item = TypeVar("Item")
Result = TypeVar("Result")

INTERVAL = 0.25
"""Seconds after which a worker answers what it has."""

PATIENCE = 60.0
"""Seconds within which a new process must say that it is there."""

Loss = Literal["died", "slow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[Result]):
    """What came from a worker.

    Args:
        results: places and results.
        unanswered: what of its batch is not answered yet.
        lost: why nothing more will come, if so.
        careful: whether the worker answered after each item.
    """

    results: tuple[tuple[int, Result], ...] = ()
    unanswered: range
    lost: Loss | None = None
    careful: bool


@dataclass(slots=True, kw_only=True, eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    heard: float
    ready: bool = False
    unanswered: range = field(default_factory=lambda: range(0))
    careful: bool = False


class Pool(Generic[Item, Result]):
    """Processes that apply one function.

    Args:
        context: how processes begin.
        function: what they apply; it pickles and does not raise.
        size: how many.
        seconds: how long one item may take.
    """

    def __init__(self, context: SpawnContext, function: Callable[[Item], Result], size: int, seconds: float) -> None:
        self._context = context
        self._function = function
        self._seconds = seconds
        self._size = size
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        """Begin with all processes."""
        self._workers = [self._begun() for _ in range(self._size)]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End all processes."""
        for worker in self._workers:
            _end(worker)

    def comes_up(self) -> bool:
        """Tell whether a process comes up at all: under a main module without a guard none does."""
        self._workers[0].ready = _says_hello(self._workers[0])
        return self._workers[0].ready

    @property
    def is_free(self) -> bool:
        """Whether some worker has nothing to do."""
        return any(not worker.unanswered for worker in self._workers)

    @property
    def is_busy(self) -> bool:
        """Whether some worker has something to do."""
        return any(worker.unanswered for worker in self._workers)

    def give(self, places: range, items: list[Item], *, careful: bool) -> None:
        """Give a batch to a worker that has nothing to do."""
        worker = next(each for each in self._workers if not each.unanswered)
        worker.unanswered, worker.careful, worker.heard = places, careful, time.monotonic()
        try:
            worker.connection.send((items, careful))
        except OSError:
            return  # it died; the answer says so

    def answers(self) -> Iterator[Answer[Result]]:
        """Wait until something comes, and yield it."""
        busy = [worker for worker in self._workers if worker.unanswered]
        due = min(self._due(worker) for worker in busy)
        ready = wait([worker.connection for worker in busy], max(0.0, due - time.monotonic()))
        for worker in busy:
            if worker.connection in ready:
                yield from self._heard(worker)
            elif time.monotonic() > self._due(worker):
                yield self._lost(worker, "slow")

    def _due(self, worker: _Worker) -> float:
        """Answer when a worker has been silent for too long; its beginning is not its first item's fault."""
        return worker.heard + (self._seconds + 2 * INTERVAL if worker.ready else max(PATIENCE, self._seconds))

    def _heard(self, worker: _Worker) -> Iterator[Answer[Result]]:
        try:
            results: list[Result] | None = worker.connection.recv()
        except (EOFError, OSError):
            yield self._lost(worker, "died")
            return
        worker.heard = time.monotonic()
        if results is None:
            worker.ready = True
            return
        answered = worker.unanswered[: len(results)]
        worker.unanswered = worker.unanswered[len(results) :]
        yield Answer(
            results=tuple(zip(answered, results, strict=True)), unanswered=worker.unanswered, careful=worker.careful
        )

    def _lost(self, worker: _Worker, why: Loss) -> Answer[Result]:
        _end(worker)
        self._workers[self._workers.index(worker)] = self._begun()
        return Answer(unanswered=worker.unanswered, lost=why, careful=worker.careful)

    def _begun(self) -> _Worker:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._function, there), daemon=True)
        process.start()
        there.close()
        return _Worker(process=process, connection=here, heard=time.monotonic())


def _says_hello(worker: _Worker) -> bool:
    try:
        return worker.connection.poll(PATIENCE) and worker.connection.recv() is None
    except (EOFError, OSError):
        return False


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.connection.close()


def _serve(function: Callable[[Item], Result], connection: Connection) -> None:
    """Work until the parent is gone; Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection.send(None)
    with suppress(EOFError, OSError), collected_at(SCANNING):
        while True:
            items, careful = connection.recv()
            _answer(function, items, connection, careful=careful)


def _answer(function: Callable[[Item], Result], items: list[Item], connection: Connection, *, careful: bool) -> None:
    results: list[Result] = []
    answered = time.monotonic()
    for item in items:
        results.append(function(item))
        if careful or time.monotonic() - answered > INTERVAL:
            connection.send(results)
            results, answered = [], time.monotonic()
    if results:
        connection.send(results)
