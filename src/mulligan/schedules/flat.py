"""The constant family: the same delay before every retry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.schedules.arguments import in_seconds
from mulligan.schedules.fixed import Endless
from mulligan.schedules.notation import call

if TYPE_CHECKING:
    from mulligan.schedules.arguments import Seconds
    from mulligan.schedules.base import BaseSchedule

__all__ = ["constant", "no_delay"]


class Constant(Endless):
    """The value behind `constant` and `no_delay`."""

    seconds: float

    def __post_init__(self) -> None:
        self._settle(seconds=in_seconds("seconds", self.seconds))

    def backoff(self, n: int) -> float:  # noqa: ARG002 - the family's signature
        """Answer the delay in seconds."""
        return self.seconds

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay in seconds, without the detour over `backoff` that doubles the cost of a retry."""
        return self.seconds

    def __repr__(self) -> str:
        return call("constant", self.seconds) if self.seconds else "no_delay()"


def constant(seconds: Seconds) -> BaseSchedule:
    """Wait as long before every retry.

    Args:
        seconds: the delay, from 0 to 1e9, or a timedelta.

    Raises:
        ConfigError: when it is no duration.

    >>> list(constant(0.5).take(3))
    [0.5, 0.5, 0.5]
    """
    return Constant(seconds=in_seconds("seconds", seconds))


def no_delay() -> BaseSchedule:
    """Retry at once, every time.

    >>> list(no_delay().take(2))
    [0.0, 0.0]
    """
    return Constant(seconds=0.0)
