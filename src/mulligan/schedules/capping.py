"""The combination behind `.capped(cap)`: a bound on the backoff.

Rules: the bound comes before the jitter. A clamp after the draw would gather delays at the cap, and the herd with them
(AWS moved its cap before the jitter in "Retries 2.1").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.arguments import in_seconds
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.children import delay_of
from mulligan.schedules.inspection import Bounds
from mulligan.schedules.notation import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.arguments import Seconds

__all__ = ["capped"]


class Capped(BaseSchedule):
    """The value behind `.capped(cap)`."""

    of: BaseSchedule
    cap: float

    def __post_init__(self) -> None:
        self._settle(cap=in_seconds("cap", self.cap))

    @property
    def length(self) -> float | None:
        """Answer the length of the schedule below."""
        return self.of.length

    @property
    def follows_previous(self) -> bool:
        """Answer False: the schedule below is replayed where it needs that."""
        return False

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay below in seconds, no longer than the cap."""
        backoff = delay_of(self.of, retry, seed)
        return None if backoff is None else min(backoff, self.cap)

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        return (min(backoff, self.cap) for backoff in self.of.walk(seed))

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the bounds below, capped."""
        below = self.of.bounds(n)
        return tuple(Bounds(min(bound.least, self.cap), min(bound.greatest, self.cap)) for bound in below)

    def surely(self, n: int) -> int:
        """Answer what the schedule below does."""
        return self.of.surely(n)

    def __repr__(self) -> str:
        return f"{self.of!r}.capped({short(self.cap)})"


def capped(schedule: BaseSchedule, cap: Seconds) -> BaseSchedule:
    """Bound the delays of a schedule that isn't jittered yet.

    Args:
        schedule: what to bound.
        cap: the greatest delay in seconds, or a timedelta.

    Raises:
        ConfigError: when the cap is no duration, or the schedule is jittered.
    """
    bound = in_seconds("cap", cap)
    if schedule.is_jittered:
        raise ConfigError("cap", cap, "cap first, then jitter: exponential(0.1, cap=10).jittered(full_jitter())")
    if isinstance(schedule, Capped):
        return Capped(of=schedule.of, cap=min(schedule.cap, bound))
    return Capped(of=schedule, cap=bound)
