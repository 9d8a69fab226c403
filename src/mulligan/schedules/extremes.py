"""The combinations `max_of` and `min_of`: the longer, or the shorter, of several schedules at each retry.

Rules:
- A schedule that has ended counts as infinitely long: `max_of` ends with its first part, `min_of` with its last.
- The parts share the draw of a retry. So both are associative, commutative and idempotent to the last bit, absorb each
  other, and `max_of(a, b).jittered(full_jitter())` is `max_of` of both jittered.
- `max_of(own)` of one schedule gives the algebra to anyone's own schedule.
"""

from __future__ import annotations

from itertools import zip_longest
from math import inf
from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.children import (
    bounds_of,
    check_schedule,
    delay_of,
    jitter_in,
    length_of,
    surely_of,
    walk_of,
)
from mulligan.schedules.inspection import Bounds
from mulligan.schedules.notation import call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.protocol import Schedule

__all__ = ["max_of", "min_of"]


class Extreme(BaseSchedule):
    """What both combinations share."""

    parts: tuple[Schedule, ...]

    @property
    def is_jittered(self) -> bool:
        """Say whether a part draws its delays."""
        return any(jitter_in(part) for part in self.parts)

    @property
    def follows_previous(self) -> bool:
        """Answer False: a part that reads its own previous delay is replayed."""
        return False


class Longest(Extreme):
    """The value behind `max_of`."""

    @property
    def length(self) -> float | None:
        """Answer the least of the lengths."""
        lengths = [length_of(part) for part in self.parts]
        return min((length for length in lengths if length is not None), default=0) if None not in lengths else None

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the longest delay in seconds; None when a part has ended."""
        delays = [delay_of(part, retry, seed) for part in self.parts]
        return None if None in delays else max(delay for delay in delays if delay is not None)

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        return map(max, zip(*(walk_of(part, seed) for part in self.parts), strict=False))

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the longest of the least and of the greatest delays."""
        rows = zip(*(bounds_of(part, n) for part in self.parts), strict=False)
        return tuple(Bounds(max(b.least for b in row), max(b.greatest for b in row)) for row in rows)

    def surely(self, n: int) -> int:
        """Answer what the first part to end does."""
        return min(surely_of(part, n) for part in self.parts)

    def __repr__(self) -> str:
        return call("max_of", *self.parts)


class Shortest(Extreme):
    """The value behind `min_of`."""

    @property
    def length(self) -> float | None:
        """Answer the greatest of the lengths."""
        lengths = [length_of(part) for part in self.parts]
        if inf in lengths:
            return inf
        return max((length for length in lengths if length is not None), default=0) if None not in lengths else None

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the shortest delay in seconds; None when every part has ended."""
        delays = [delay_of(part, retry, seed) for part in self.parts]
        return min((delay for delay in delays if delay is not None), default=None)

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        rows = zip_longest(*(walk_of(part, seed) for part in self.parts))
        return (min(delay for delay in row if delay is not None) for row in rows)

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the shortest of the least delays, and of the greatest where a part is sure to go on."""
        sure = [surely_of(part, n) for part in self.parts]
        rows = zip_longest(*(bounds_of(part, n) for part in self.parts))
        return tuple(_shortest(index, row, sure) for index, row in enumerate(rows))

    def surely(self, n: int) -> int:
        """Answer what the last part to end does."""
        return max(surely_of(part, n) for part in self.parts)

    def __repr__(self) -> str:
        return call("min_of", *self.parts)


def _shortest(index: int, row: tuple[Bounds | None, ...], sure: list[int]) -> Bounds:
    going = [bound for bound in row if bound is not None]
    certain = [bound.greatest for bound, length in zip(row, sure, strict=True) if bound is not None and index < length]
    greatest = min(certain) if certain else max(bound.greatest for bound in going)
    return Bounds(min(bound.least for bound in going), greatest)


def max_of(*schedules: Schedule) -> BaseSchedule:
    """Wait the longest of several delays; end when the first schedule ends.

    Args:
        schedules: one or more; of one schedule it is that schedule, with the algebra.

    Raises:
        ConfigError: when there are none, or one of them is no schedule.

    >>> from mulligan.schedules import constant, linear
    >>> list(max_of(linear(1), constant(2)).take(4))
    [2.0, 2.0, 3.0, 4.0]
    """
    parts = _checked("max_of", schedules)
    return _only(parts) or Longest(parts=_flattened(Longest, parts))


def min_of(*schedules: Schedule) -> BaseSchedule:
    """Wait the shortest of several delays; end when the last schedule ends.

    Args:
        schedules: one or more; of one schedule it is that schedule, with the algebra.

    Raises:
        ConfigError: when there are none, or one of them is no schedule.

    >>> from mulligan.schedules import constant, linear
    >>> list(min_of(linear(1), constant(2)).take(4))
    [1.0, 2.0, 2.0, 2.0]
    """
    parts = _checked("min_of", schedules)
    return _only(parts) or Shortest(parts=_flattened(Shortest, parts))


def _checked(field: str, schedules: tuple[Schedule, ...]) -> tuple[Schedule, ...]:
    if not schedules:
        raise ConfigError(field, schedules, "give at least one schedule")
    return tuple(check_schedule(field, schedule) for schedule in schedules)


def _only(parts: tuple[Schedule, ...]) -> BaseSchedule | None:
    return parts[0] if len(parts) == 1 and isinstance(parts[0], BaseSchedule) else None


def _flattened(kind: type[Extreme], parts: tuple[Schedule, ...]) -> tuple[Schedule, ...]:
    """Answer the parts with those of the same kind among them taken apart."""
    return tuple(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
