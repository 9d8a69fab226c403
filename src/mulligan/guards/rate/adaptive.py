"""The schedule behind `adaptive`: delays that grow with the failure rate of a dependency.

Rules: the growth comes before any jitter, as a cap does. Unlike every other schedule this one is no pure value: its
delays depend on what was observed when they are asked for, and it can't be pickled with a rate that is in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.guards.arguments import at_least
from mulligan.guards.rate.guard import FailureRate
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.children import bounds_of, check_schedule, delay_of, jitter_in, length_of, surely_of
from mulligan.schedules.inspection import Bounds
from mulligan.schedules.notation import short

if TYPE_CHECKING:
    from mulligan.schedules.protocol import Schedule

__all__ = ["adaptive"]


class Adaptive(BaseSchedule):
    """The value behind `adaptive`."""

    of: Schedule
    rate: FailureRate
    most: float

    @property
    def length(self) -> float | None:
        """Answer the length of the schedule below."""
        return length_of(self.of)

    @property
    def is_jittered(self) -> bool:
        """Say whether the schedule below draws its delays."""
        return jitter_in(self.of)

    @property
    def follows_previous(self) -> bool:
        """Answer False: the schedule below is replayed where it needs that."""
        return False

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay below in seconds, grown by what is observed now."""
        below = delay_of(self.of, retry, seed)
        return None if below is None else below * (1 + (self.most - 1) * self.rate.rate_here())

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer from the least below to the greatest below, grown most."""
        return tuple(Bounds(bound.least, bound.greatest * self.most) for bound in bounds_of(self.of, n))

    def surely(self, n: int) -> int:
        """Answer what the schedule below does."""
        return surely_of(self.of, n)

    def __repr__(self) -> str:
        return f"adaptive({self.of!r}, {self.rate!r}, most={short(self.most)})"


def adaptive(schedule: Schedule, rate: FailureRate, *, most: float = 10.0) -> BaseSchedule:
    """Let the delays of a schedule grow with the failure rate of a dependency, and shrink as it recovers.

    A delay is `delay * (1 + (most - 1) * rate)`: as scheduled while nothing fails, `most` times as long when everything
    does, and evenly in between. The rate belongs among the guards of the pipeline, which tell it what happens. Jitter
    what comes out: `adaptive(exponential(0.1, cap=10), rate).jittered(full_jitter())`.

    Args:
        schedule: any schedule.
        rate: what observes the dependency.
        most: by what the delays are multiplied when everything fails, 1 or more.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Pipeline, Policy, constant, try_execute
    >>> from mulligan.testing import virtual_time
    >>> rate = FailureRate("billing", minimum=1)
    >>> policy = Policy(retry_on=ValueError, schedule=adaptive(constant(1), rate), max_attempts=2)
    >>> with virtual_time() as clock:
    ...     answer = try_execute(Pipeline(policy, guards=[rate]), int, "x")
    >>> answer.elapsed
    10.0
    """
    if not isinstance(rate, FailureRate):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise ConfigError("rate", rate, "give a FailureRate, which is among the guards of the pipeline too")
    return Adaptive(of=check_schedule("schedule", schedule), rate=rate, most=at_least("most", most, 1))
