"""The arguments that both of retry's functions take, as one value, and the delays that they make.

Rules: the first delay is not capped, and jitter compounds, because each delay grows out of the one before. A draw
is made after a sleep, as in the original, so that equal seeds give equal delays over a whole program.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mulligan.classify import FAIL, TRANSIENT
from mulligan.compat.engine import Steps, exactly
from mulligan.outcome import Raised

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from mulligan.compat.narration import Narration
    from mulligan.outcome import Reason

__all__ = ["Course", "Jitter", "Terms"]

Jitter: TypeAlias = "float | tuple[float, float]"


class Terms(NamedTuple):
    """What retry's functions are told, under their own names."""

    exceptions: type[BaseException] | tuple[type[BaseException], ...]
    tries: float
    delay: float
    max_delay: float | None
    backoff: float
    jitter: Jitter
    logger: logging.Logger | None
    log_traceback: bool
    on_exception: Callable[[BaseException], object] | None

    @property
    def speaks_retry2(self) -> bool:
        """Whether an argument of retry2 is given, so that the log speaks as retry2 does."""
        return self.log_traceback or self.on_exception is not None

    def grown(self, delay: float) -> float:
        """Answer the delay that follows one, with a draw where the jitter is a range."""
        grown = delay * self.backoff + (random.uniform(*self.jitter) if isinstance(self.jitter, tuple) else self.jitter)  # noqa: S311
        return grown if self.max_delay is None else min(grown, self.max_delay)


class Course:
    """One execution from its first error on: what follows.

    Args:
        terms: retry's arguments.
        narration: tells of it, where somebody listens.
    """

    __slots__ = ("_next", "_steps", "_terms")

    def __init__(self, terms: Terms, narration: Narration | None) -> None:
        self._terms = terms
        self._next = terms.delay
        self._steps = Steps(self._pace, max_attempts=exactly(terms.tries), narration=narration)

    def after(self, error: BaseException, *, enough: object) -> float | Reason:
        """Answer the seconds before the next attempt, or why there is none.

        Args:
            error: what the attempt raised.
            enough: whether the interface gives up on it.
        """
        return self._steps.after(Raised(error), 0.0, FAIL if enough else TRANSIENT)

    def slept(self) -> None:
        """Let the next delay grow, after a sleep."""
        self._next = self._terms.grown(self._next)

    def _pace(self, attempt: int) -> float:  # noqa: ARG002 - the delay grows by sleeping
        return self._next
