"""Delays that are written out one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.arguments import in_seconds
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.inspection import Bounds
from mulligan.schedules.notation import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mulligan.schedules.arguments import Seconds

__all__ = ["from_delays"]


class Listed(BaseSchedule):
    """The value behind `from_delays`."""

    listed: tuple[float, ...]

    def __post_init__(self) -> None:
        self._settle(listed=tuple(in_seconds("delays", delay) for delay in self.listed))

    @property
    def length(self) -> float | None:
        """Answer how many delays are listed."""
        return len(self.listed)

    @property
    def follows_previous(self) -> bool:
        """Answer False: the list says everything."""
        return False

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay in seconds before a retry; None after the last."""
        return self.listed[retry - 1] if retry <= len(self.listed) else None

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the one possible delay of each of the first n retries."""
        return tuple(Bounds(delay, delay) for delay in self.listed[:n])

    def __repr__(self) -> str:
        return f"from_delays([{', '.join(map(short, self.listed))}])"


def from_delays(delays: Iterable[Seconds]) -> BaseSchedule:
    """Wait these delays, one after the other, and end.

    Args:
        delays: seconds or timedeltas; an empty list ends at once, and is the neutral element of `then`.

    Raises:
        ConfigError: when one of them is no duration, or when they are no list.

    >>> list(from_delays([0.1, 0.5, 2]))
    [0.1, 0.5, 2.0]
    """
    if isinstance(delays, str | bytes) or not hasattr(delays, "__iter__"):
        raise ConfigError("delays", delays, "give a list of seconds, such as [0.1, 0.5]")
    return Listed(listed=tuple(in_seconds("delays", delay) for delay in delays))
