"""One execution under retrying's terms: what follows a rejected attempt, and how it ends.

Rules: elapsed time is wall clock, rounded to milliseconds, as retrying counts it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

from mulligan.compat.retrying._attempts import RetryError
from mulligan.outcome import Raised, Returned

if TYPE_CHECKING:
    from mulligan.compat.engine import Steps
    from mulligan.compat.narration import Narration
    from mulligan.compat.retrying._attempts import Attempt, ErrorInfo
    from mulligan.compat.retrying._retrying import Retrying
    from mulligan.outcome import Reason

__all__ = ["Course", "given_up"]

R = TypeVar("R")


class Course:
    """One execution: what follows a rejected attempt."""

    __slots__ = ("_attempt", "_began", "_elapsed", "_narration", "_retrying", "_steps")

    def __init__(self, retrying: Retrying, narration: Narration | None) -> None:
        self._retrying = retrying
        self._narration = narration
        self._began = time.time()
        self._attempt = self._elapsed = 0
        self._steps: Steps | None = None

    def next_attempt(self) -> int:
        """Answer the number of the attempt that begins."""
        if self._narration is not None:
            self._narration.begins()
        self._attempt += 1
        return self._attempt

    def after(self, attempt: Attempt[Any]) -> float | Reason:
        """Answer the milliseconds before the next attempt, or why there is none."""
        self._retrying.rejected(attempt)
        self._elapsed = round(time.time() * 1000) - round(self._began * 1000)
        if self._steps is None:
            self._steps = self._retrying.steps(self._pace, self._narration)
        outcome = Raised(attempt.value[1]) if attempt.has_exception else Returned(attempt.value)
        return self._steps.after(outcome, self._elapsed / 1000)

    def failed(self, attempt: Attempt[Any]) -> None:
        """Note that an attempt raised what is not retried."""
        if self._narration is not None:
            self._narration.failed(attempt.value[1])

    def _pace(self, attempt: int) -> float | None:
        return self._retrying.pause(attempt, self._elapsed)


def given_up(attempt: Attempt[R], *, wrap: bool) -> R:
    """Raise the attempt's error, and let its frames go: the error alone holds them on."""
    if wrap:
        raise RetryError(attempt)
    _, error, origin = cast("ErrorInfo", attempt.value)  # whoever gives up on a value wraps it
    try:
        raise error.with_traceback(origin)
    finally:
        del attempt, error
