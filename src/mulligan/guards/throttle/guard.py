"""The adaptive throttle as a guard.

Rules: it is asked before every attempt, the first one too, and counts those that it refuses among the others. What
counts as accepted is a classifier's verdict: accept is, transient isn't, and fail counts as nothing, as for a breaker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.classify import Accept, Fail
from mulligan.errors import Throttled
from mulligan.guards.arguments import at_least, plain, positive, whole
from mulligan.guards.cells import ask, tell
from mulligan.guards.instants import here
from mulligan.guards.judging import counted
from mulligan.guards.keyed import Keyed
from mulligan.guards.throttle.transitions import Answer, Ask, Event, Settle, Throttling
from mulligan.outcome import Refusal
from mulligan.schedules.counter import uniform
from mulligan.seed import fresh_seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from mulligan.classify import Classifier
    from mulligan.guards.buckets import Window
    from mulligan.guards.cells import Cell, Store
    from mulligan.guards.protocol import Call, Ending, Said

__all__ = ["AdaptiveThrottle"]


def _draw() -> float:
    return uniform(fresh_seed(), 1)


class AdaptiveThrottle(Keyed["Window", Event, Answer]):
    """Refuse a share of the attempts, so that about `k` are sent for each that the other side accepts.

    It never closes altogether: a few attempts go on asking, and as more of them are accepted more are sent. One
    instance serves any number of threads, tasks, pipelines and dependencies. Source: Google, "Site Reliability
    Engineering", chapter "Handling Overload", client-side throttling.

    Args:
        name: what to call it in events, errors and stores.
        k: how many attempts are let through for each accepted one; 1.1 spares the other side more, 2 learns of its
            recovery sooner.
        window: seconds that are looked back on.
        buckets: how many parts the window moves on in.
        classify: what counts; the policy's classification when left out. Accept is accepted, transient is not, fail
            and cancellation count as nothing.
        draw: answers even draws from [0, 1).
        key: tells dependencies apart: a constant, or a function of the call's arguments.
        store: where the states sit; this process's memory when left out.
        max_keys: how many dependencies are remembered.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Pipeline, Policy, execute
    >>> throttle = AdaptiveThrottle("billing", draw=lambda: 0.4)
    >>> fragile = Pipeline(Policy(retry_on=ValueError, max_attempts=1), guards=[throttle])
    >>> for text in ("x", "y", "42"):
    ...     try:
    ...         execute(fragile, int, text)
    ...     except ValueError:
    ...         print(f"{throttle.probability():.2f}")
    Traceback (most recent call last):
        ...
    mulligan.errors.Throttled: billing refused attempt 1
    """

    def __init__(
        self,
        name: str = "throttle",
        *,
        k: float = 2.0,
        window: float | timedelta = 120.0,
        buckets: int = 10,
        classify: Classifier[object] | None = None,
        draw: Callable[[], float] = _draw,
        key: str | Callable[..., object] = "",
        store: Store | None = None,
        max_keys: int = 10_000,
    ) -> None:
        plain("draw", draw)
        self.throttling: Throttling = Throttling(
            k=at_least("k", k, 1), window=positive("window", window), buckets=whole("buckets", buckets, 1)
        )
        super().__init__(name, key, store, max_keys, self.throttling, classify=classify)
        self.draw = draw

    def visit(self, call: Call, /) -> ThrottleVisit:
        """Answer this throttle's part in one execution."""
        return ThrottleVisit(self, call)

    def probability(self, key: str = "") -> float:
        """Answer how probable it is that the next attempt is refused, as this process knows it.

        Args:
            key: which dependency.
        """
        return self.throttling.probability(*self.cell(key).known(here()))


class ThrottleVisit:
    """A throttle's part in one execution.

    Args:
        throttle: the guard.
        call: the execution.
    """

    __slots__ = ("call", "cell", "throttle")

    def __init__(self, throttle: AdaptiveThrottle, call: Call) -> None:
        self.throttle: AdaptiveThrottle = throttle
        self.call: Call = call
        self.cell: Cell[Window, Event, Answer] = throttle.cell(throttle.key_of(call.args, call.kwargs))

    def enter(self, attempt: int, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Let an attempt begin, or refuse it."""
        return ask(self.cell, Ask(draw=self.throttle.draw()), now, self.call, self._entered)

    def leave(self, ending: Ending, now: float, /) -> Said:
        """Count what the attempt did, unless it counts as nothing."""
        verdict = counted(self.throttle.classify, ending)
        if isinstance(verdict, Fail):
            return None
        return tell(self.cell, Settle(accepted=isinstance(verdict, Accept)), now, self.call)

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:
        """Refuse no retry before its sleep: what the throttle knows may change meanwhile."""

    def release(self, now: float, /) -> Said:
        """Hold nothing: what did not end was not counted."""

    def _entered(self, answer: Answer) -> Refusal | None:
        return None if answer.granted else Refusal(by=self.throttle.name, error=Throttled)
