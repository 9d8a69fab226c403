"""The combination behind `.then(other)`: one schedule after another.

Rules: every part counts its retries from 1, and draws what its place in the whole says (`advance`), so `then` is
associative to the last bit. A part whose length is known is skipped in one step; any other is replayed.
"""

from __future__ import annotations

from itertools import islice
from math import inf
from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.children import (
    bounds_of,
    check_schedule,
    jitter_in,
    length_of,
    mean_of,
    surely_of,
    walk_of,
)
from mulligan.schedules.counter import advance
from mulligan.schedules.inspection import Bounds, Mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.protocol import Schedule

__all__ = ["then"]


class Sequence(BaseSchedule):
    """The value behind `.then(other)`."""

    parts: tuple[Schedule, ...]

    @property
    def length(self) -> float | None:
        """Answer the sum of the lengths; infinity as soon as one part never ends."""
        lengths = [length_of(part) for part in self.parts]
        if inf in lengths:
            return inf
        return sum((length for length in lengths if length is not None), 0) if None not in lengths else None

    @property
    def is_jittered(self) -> bool:
        """Say whether a part draws its delays."""
        return any(jitter_in(part) for part in self.parts)

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        """Answer the delay in seconds that the part in charge of the retry gives."""
        for part in self.parts:
            length = _length_within(part, seed, retry)
            if retry <= length:
                return part.delay(retry, seed, previous if retry > 1 else None)
            retry, seed = retry - length, advance(seed, length)
        return None

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        for part in self.parts:
            given = 0
            for given, delay in enumerate(walk_of(part, seed), 1):  # noqa: B007 - counts what the part gave
                yield delay
            seed = advance(seed, given)

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the bounds of the parts in a row, joined where the end of a part depends on draws."""
        return _bounds_in_a_row(self.parts, n)

    def mean(self, n: int) -> tuple[Mean, ...]:
        """Answer the means of the parts in a row, unless the end of a part depends on draws."""
        if any(length_of(part) is None for part in self.parts):
            return super().mean(n)
        means: tuple[Mean, ...] = ()
        for part in self.parts:
            means += mean_of(part, n - len(means))
        return means

    def surely(self, n: int) -> int:
        """Answer the sum over the parts."""
        given = 0
        for part in self.parts:
            given += surely_of(part, n - given)
        return given

    def __repr__(self) -> str:
        return repr(self.parts[0]) + "".join(f".then({part!r})" for part in self.parts[1:])


def _length_within(part: Schedule, seed: int, retries: int) -> int:
    """Answer how many of its first delays a part gives, at most this many retries."""
    length = length_of(part)
    if length is None:
        return sum(1 for _ in islice(walk_of(part, seed), retries))
    return int(min(length, retries))


def _bounds_in_a_row(parts: tuple[Schedule, ...], n: int) -> tuple[Bounds, ...]:
    own = bounds_of(parts[0], n)
    if len(parts) == 1:
        return own
    sure = surely_of(parts[0], n)
    following = _bounds_in_a_row(parts[1:], n - sure)
    rows: list[Bounds] = []
    for row in range(n):
        possible = [*own[row : row + 1], *following[max(0, row - len(own)) : max(0, row - sure + 1)]]
        if not possible:
            break
        rows.append(Bounds(min(bound.least for bound in possible), max(bound.greatest for bound in possible)))
    return tuple(rows)


def then(first: BaseSchedule, other: Schedule) -> BaseSchedule:
    """Go on with another schedule when the first one ends.

    Args:
        first: what comes first.
        other: what comes after.

    Raises:
        ConfigError: when the first never ends, or the other is no schedule.
    """
    check_schedule("then", other)
    if first.length == inf:
        raise ConfigError("then", other, f"end what comes before with .take(n) first: {first!r} never ends")
    return Sequence(parts=_parts(first) + _parts(other))


def _parts(schedule: Schedule) -> tuple[Schedule, ...]:
    return schedule.parts if isinstance(schedule, Sequence) else (schedule,)
