"""One execution of either of backoff's decorators, in either world.

Rules: the arguments of a wait generator and the limits are asked for at each call, where they are callables. Seconds
are counted by `datetime.datetime.now()`, before each attempt, as tests patch it.
"""

from __future__ import annotations

import datetime as dt
import logging
import warnings
from typing import TYPE_CHECKING, Any

from mulligan.classify import FAIL, TRANSIENT
from mulligan.compat.engine import Steps, exactly, seconds_limit
from mulligan.outcome import Raised

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mulligan.compat.backoff._given import Terms
    from mulligan.compat.backoff._typing import Details
    from mulligan.compat.narration import Narration
    from mulligan.outcome import Outcome, Reason

__all__ = ["Course", "asked"]

_logger = logging.getLogger("backoff")
_logger.addHandler(logging.NullHandler())
_logger.setLevel(logging.INFO)


class Course:
    """One execution.

    Args:
        terms: the decorator's arguments.
        narration: tells of it, where somebody listens.
        call: the operation, its positional arguments, its keyword arguments.
    """

    __slots__ = (
        *("_begun", "_limit", "_max_time", "_sent", "_start", "_steps", "_narration", "_waits"),
        *("call", "terms", "tries"),
    )

    def __init__(self, terms: Terms, narration: Narration | None, *call: Any) -> None:
        self.terms = terms
        self._narration = narration
        self.call = call
        self.tries = 0
        self._limit = asked(terms.max_tries)
        self._max_time = asked(terms.max_time)
        self._start = self._begun = dt.datetime.now()
        self._waits = None if terms.plain_waits else self._made()
        self._sent: Any = None
        self._steps: Steps | None = None

    def _made(self) -> Generator[float, Any, None]:
        """Make the generator of delays, and prime it."""
        terms = self.terms
        waits = terms.wait_gen(**{name: asked(value) for name, value in terms.wait_gen_kwargs.items()})
        waits.send(None)
        return waits

    def begin(self) -> None:
        """Count an attempt that begins now."""
        self.tries += 1
        self._begun = dt.datetime.now()
        if self._narration is not None:
            self._narration.begins()

    @property
    def elapsed(self) -> float:
        """The seconds from the execution's beginning to that of the last attempt."""
        return (self._begun - self._start).total_seconds()

    def after(self, outcome: Outcome[object], *, enough: object = False) -> float | Reason:
        """Answer the seconds before the next attempt, or why there is none.

        Args:
            outcome: what the attempt did; the wait generator is sent its value or its error.
            enough: whether the interface gives up on it.
        """
        if self._steps is None:
            limit, seconds = exactly(self._limit), seconds_limit(self._max_time)
            self._steps = Steps(self._pace, max_attempts=limit, stop_after=seconds, narration=self._narration)
        self._sent = outcome.error if isinstance(outcome, Raised) else outcome.value
        return self._steps.after(outcome, self.elapsed, FAIL if enough else TRANSIENT)

    def _pace(self, attempt: int) -> float | None:  # noqa: ARG002 - generators count themselves
        if self._waits is None:
            self._waits = self._made()
        try:
            value = self._waits.send(self._sent)
        except StopIteration:
            return None
        seconds = _jittered(self.terms.jitter, value)
        return seconds if self._max_time is None else min(seconds, self._max_time - self.elapsed)

    def details(self, **extra: Any) -> Details:
        """Answer what handlers are given."""
        target, args, kwargs = self.call
        details: Details = {
            "target": target,
            "args": args,
            "kwargs": kwargs,
            "tries": self.tries,
            "elapsed": self.elapsed,
        }
        details.update(extra)  # type: ignore[typeddict-item]  # pyright: ignore[reportCallIssue, reportArgumentType]
        return details


def asked(given: Any) -> Any:
    """Answer what a callable answers now, and anything else as it is."""
    if not callable(given):
        return given
    try:
        return given()
    except TypeError:
        return given  # a callable that takes an argument, such as runtime's value


def _jittered(jitter: Callable[..., float] | None, value: float) -> float:
    if jitter is None:
        return value
    try:
        return jitter(value)
    except TypeError:
        warnings.warn(
            "Nullary jitter function signature is deprecated. Use "
            "unary signature accepting a wait value in seconds and "
            "returning a jittered version of it.",
            DeprecationWarning,
            stacklevel=2,
        )
        return value + jitter()
