"""Where a guard's state sits: a `Store` answers a `Cell` for each guard and dependency.

    strategy.step(state, event, now) → (state, answer)        pure, one file for each strategy
    cell.apply(event, now, call)     → answer                 moves the state on, atomically

Rules: a step is pure, so it is computed without the lock, which is held only to put its state in place of the one that
it came from; where another thread was faster, the step is computed again. `quiet` is the state of a cell in which
every attempt may begin and a success at the first attempt changes nothing, or `None`; executions that see the same
quiet state before and after a success need no transition at all.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from mulligan.guards.calm import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mulligan.guards.protocol import Call, Said
    from mulligan.outcome import Refusal

__all__ = ["Cell", "MemoryCell", "RemoteCell", "Store", "Strategy", "ask", "tell"]

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")
S_co = TypeVar("S_co", covariant=True)
E_contra = TypeVar("E_contra", contravariant=True)
A_co = TypeVar("A_co", covariant=True)


class Strategy(Protocol[S, E, A]):
    """The pure part of a guard."""

    @property
    def script(self) -> str:
        """The strategy's folder, which holds its script for stores that run it elsewhere."""
        ...

    @property
    def preface(self) -> str:
        """What is put before the script: tables that are made from those of this package."""
        ...

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on; strategies of different shapes share nothing."""
        ...

    @property
    def lifetime(self) -> float:
        """Seconds after the last transition when a state has nothing left to say."""
        ...

    def start(self) -> S:
        """Answer the state of a dependency that nothing is known of."""
        ...

    def step(self, state: S, event: E, now: float, /) -> tuple[S, A]:
        """Answer the next state, and what the guard is to know."""
        ...

    def is_quiet(self, state: S, /) -> bool:
        """Tell whether attempts may begin and a success at the first attempt changes nothing."""
        ...

    def gives(self, event: E, /) -> bool:
        """Tell whether an event is worth nothing once nobody waits for its answer: a permit, tokens."""
        ...

    def undo(self, event: E, answer: A, /) -> E | None:
        """Answer the event that gives back what an answer gave when nobody waited for it any more."""
        ...

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know of the strategy."""
        ...

    def written(self, event: E, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        ...

    def dumped(self, state: S, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        ...

    def loaded(self, words: Sequence[str], /) -> S:
        """Answer the state that the script keeps."""
        ...

    def read(self, answer: Sequence[str], /) -> A:
        """Answer what the script's answer means."""
        ...


class MemoryCell(Generic[S, E, A]):
    """A state in this process.

    Args:
        strategy: the pure part of the guard.
    """

    __slots__ = ("lock", "quiet", "state", "strategy")

    def __init__(self, strategy: Strategy[S, E, A]) -> None:
        self.strategy: Strategy[S, E, A] = strategy
        self.lock: threading.Lock = threading.Lock()
        self.state: S = strategy.start()
        self.quiet: S | None = self.state if strategy.is_quiet(self.state) else None

    def apply(self, event: E, now: float, call: Call | None = None) -> A:  # noqa: ARG002 - the protocol's
        """Move the state on by an event."""
        while True:
            before = self.state
            state, answer = self.strategy.step(before, event, now)
            if state is before:
                return answer
            with self.lock:
                if self.state is before:
                    self._move(state)
                    return answer

    def known(self, now: float) -> tuple[S, float]:
        """Answer the state, and the instant on the clock that it goes by."""
        return self.state, now

    def put(self, state: S) -> None:
        """Go on from a state that was learned elsewhere."""
        with self.lock:
            self._move(state)

    def _move(self, state: S) -> None:
        before, self.state = self.quiet, state
        self.quiet = after = state if self.strategy.is_quiet(state) else None
        if after is not before:
            EPOCH.end()


class RemoteCell(Protocol[S_co, E_contra, A_co]):
    """A state that is elsewhere."""

    def apply(self, event: E_contra, now: float, call: Call | None = None) -> A_co:
        """Move the state on by an event, in synchronous code; here where the store doesn't answer in time."""
        ...

    async def apply_async(self, event: E_contra, now: float, call: Call | None = None) -> A_co:
        """Move the state on by an event, in asynchronous code; here where the store doesn't answer in time."""
        ...

    def insist(self, event: E_contra) -> A_co:
        """Move the state on by an event in the store itself, however long that takes; for operators.

        Raises:
            Exception: whatever the store's client raises.
        """
        ...

    def known(self, now: float) -> tuple[S_co, float]:
        """Answer the state as this process knows it, and the instant on the store's clock."""
        ...


Cell = MemoryCell[S, E, A] | RemoteCell[S, E, A]


class Store(Protocol):
    """Where the states of guards sit."""

    def cell(self, name: str, key: str, strategy: Strategy[S, E, A], /) -> Cell[S, E, A]:
        """Answer the cell for a guard and a dependency, always the same one in a process."""
        ...


class _Asked(Generic[S, E, A]):
    """A transition of a cell that is elsewhere, to be performed by whoever drives the execution."""

    __slots__ = ("call", "cell", "event", "meant", "now")

    def __init__(
        self, cell: RemoteCell[S, E, A], event: E, now: float, call: Call, meant: Callable[[A], Refusal | None]
    ) -> None:
        self.cell, self.event, self.now, self.call, self.meant = cell, event, now, call, meant

    def perform(self) -> Refusal | None:
        return self.meant(self.cell.apply(self.event, self.now, self.call))

    async def perform_async(self) -> Refusal | None:
        return self.meant(await self.cell.apply_async(self.event, self.now, self.call))


def ask(cell: Cell[S, E, A], event: E, now: float, call: Call, meant: Callable[[A], Refusal | None]) -> Said:
    """Move a cell on, at once where it is in this process.

    Args:
        cell: the cell.
        event: what happened.
        now: the instant, in seconds.
        call: the execution.
        meant: what the answer means to the execution.
    """
    if isinstance(cell, MemoryCell):
        return meant(cell.apply(event, now))
    return _Asked(cell, event, now, call, meant)


def tell(cell: Cell[S, E, A], event: E, now: float, call: Call) -> Said:
    """Move a cell on where the answer means nothing to the execution.

    Args:
        cell: the cell.
        event: what happened.
        now: the instant, in seconds.
        call: the execution.
    """
    return ask(cell, event, now, call, _nothing)


def _nothing(answer: object) -> None:  # noqa: ARG001 - there is nothing to be said
    return None
