"""Reading the parts of a combination: ours by what they know, anyone else's by the one method they have.

Rules: a part that reads `previous` is replayed, because the combination's previous delay may not be the part's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.inspection import ANYTHING, Bounds, Mean
from mulligan.schedules.protocol import Schedule
from mulligan.schedules.walking import estimate, nth, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bounds_of", "check_schedule", "delay_of", "jitter_in", "length_of", "mean_of", "surely_of", "walk_of"]


def check_schedule(field: str, value: object) -> Schedule:
    """Answer a schedule.

    Args:
        field: name of the argument, for the message.
        value: any object with the protocol's method.

    Raises:
        ConfigError: when it has none.
    """
    if isinstance(value, type) or not isinstance(value, Schedule):
        raise ConfigError(field, value, "give a schedule, such as exponential(0.1)")
    return value


def walk_of(part: Schedule, seed: int) -> Iterator[float]:
    """Give a part's delays in order, in seconds."""
    return part.walk(seed) if isinstance(part, BaseSchedule) else walk(part, seed)


def delay_of(part: Schedule, retry: int, seed: int) -> float | None:
    """Answer a part's delay before a retry in seconds, replaying those before where the part reads them."""
    if isinstance(part, BaseSchedule) and not part.follows_previous:
        return part.delay(retry, seed, None)
    return nth(walk_of(part, seed), retry)


def bounds_of(part: Schedule, n: int) -> tuple[Bounds, ...]:
    """Answer a part's bounds for the first n retries; of an unknown schedule, anything."""
    return part.bounds(n) if isinstance(part, BaseSchedule) else (ANYTHING,) * n


def mean_of(part: Schedule, n: int) -> tuple[Mean, ...]:
    """Answer a part's means for the first n retries."""
    return part.mean(n) if isinstance(part, BaseSchedule) else estimate(lambda seed: walk(part, seed), (ANYTHING,) * n)


def length_of(part: Schedule) -> float | None:
    """Answer how many delays a part has; None when that isn't known."""
    return part.length if isinstance(part, BaseSchedule) else None


def surely_of(part: Schedule, n: int) -> int:
    """Answer how many of a part's first n delays come whatever the draws."""
    return part.surely(n) if isinstance(part, BaseSchedule) else 0


def jitter_in(part: Schedule) -> bool:
    """Say whether a part draws its delays."""
    return isinstance(part, BaseSchedule) and part.is_jittered
