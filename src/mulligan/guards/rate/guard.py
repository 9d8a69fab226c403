"""The failure rate as a guard that refuses nothing: it observes, and adaptive schedules read it.

Rules: which dependency failed last is kept in a context variable, which is how a schedule, which sees no arguments,
knows the dependency of a keyed rate.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from mulligan.classify import Fail, Transient
from mulligan.guards.arguments import positive, whole
from mulligan.guards.cells import tell
from mulligan.guards.instants import here
from mulligan.guards.judging import counted
from mulligan.guards.keyed import Keyed
from mulligan.guards.rate.transitions import Observing, Settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from mulligan.classify import Classifier
    from mulligan.guards.buckets import Window
    from mulligan.guards.cells import Cell, Store
    from mulligan.guards.protocol import Call, Ending, Said

__all__ = ["FailureRate"]

_failed: ContextVar[tuple[FailureRate, Cell[Window, Settle, None]] | None] = ContextVar(
    "mulligan.guards.rate", default=None
)


class FailureRate(Keyed["Window", Settle, None]):
    """Observe which share of a dependency's attempts fails, for schedules made by `adaptive`; refuse nothing.

    Args:
        name: what to call it in stores.
        window: seconds that are looked back on.
        buckets: how many parts the window moves on in.
        minimum: how many attempts must have been seen within the window; below, the rate is 0.
        classify: what counts; the policy's classification when left out. Transient is a failure, accept a success,
            fail and cancellation count as nothing.
        key: tells dependencies apart: a constant, or a function of the call's arguments.
        store: where the states sit; this process's memory when left out.
        max_keys: how many dependencies are remembered.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Pipeline, Policy, try_execute
    >>> rate = FailureRate("billing", minimum=2)
    >>> fragile = Pipeline(Policy(retry_on=ValueError, max_attempts=1), guards=[rate])
    >>> for text in ("1", "x", "2", "3"):
    ...     answer = try_execute(fragile, int, text)
    >>> rate.rate()
    0.25
    """

    def __init__(
        self,
        name: str = "rate",
        *,
        window: float | timedelta = 30.0,
        buckets: int = 10,
        minimum: int = 10,
        classify: Classifier[object] | None = None,
        key: str | Callable[..., object] = "",
        store: Store | None = None,
        max_keys: int = 10_000,
    ) -> None:
        self.observing: Observing = Observing(
            window=positive("window", window),
            buckets=whole("buckets", buckets, 1),
            minimum=whole("minimum", minimum, 1),
        )
        super().__init__(name, key, store, max_keys, self.observing, classify=classify)

    def visit(self, call: Call, /) -> RateVisit:
        """Answer this observer's part in one execution."""
        return RateVisit(self, call)

    def rate(self, key: str = "") -> float:
        """Answer the share of attempts that failed, from 0 to 1, as this process knows it.

        Args:
            key: which dependency.
        """
        return self._read(self.cell(key))

    def rate_here(self) -> float:
        """Answer the rate of the dependency that failed last in this task or thread, else that of the constant key."""
        failed = _failed.get()
        if failed is not None and failed[0] is self:
            return self._read(failed[1])
        return self.rate(self.key if isinstance(self.key, str) else "")

    def _read(self, cell: Cell[Window, Settle, None]) -> float:
        return self.observing.rate(*cell.known(here()))


class RateVisit:
    """An observer's part in one execution.

    Args:
        rate: the guard.
        call: the execution.
    """

    __slots__ = ("call", "cell", "rate")

    def __init__(self, rate: FailureRate, call: Call) -> None:
        self.rate: FailureRate = rate
        self.call: Call = call
        self.cell: Cell[Window, Settle, None] = rate.cell(rate.key_of(call.args, call.kwargs))

    def enter(self, attempt: int, now: float, /) -> Said:
        """Let every attempt begin."""

    def leave(self, ending: Ending, now: float, /) -> Said:
        """Count what the attempt did."""
        verdict = counted(self.rate.classify, ending)
        if isinstance(verdict, Fail):
            return None
        failed = isinstance(verdict, Transient)
        if failed:
            _failed.set((self.rate, self.cell))
        return tell(self.cell, Settle(failed=failed), now, self.call)

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:
        """Let every retry be planned."""

    def release(self, now: float, /) -> Said:
        """Hold nothing."""
