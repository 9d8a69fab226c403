"""Decorrelated jitter: a backoff that draws each delay from the one before.

Rules: it is a jitter itself, so it takes its cap as an argument and can't be jittered.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mulligan.schedules.arguments import LONGEST, cap_above, in_seconds
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.counter import uniform
from mulligan.schedules.inspection import Bounds, Mean
from mulligan.schedules.notation import call
from mulligan.schedules.walking import estimate, nth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.arguments import Seconds

__all__ = ["decorrelated"]


class Decorrelated(BaseSchedule):
    """The value behind `decorrelated`."""

    base: float
    cap: float | None

    def __post_init__(self) -> None:
        base = in_seconds("base", self.base)
        self._settle(base=base, cap=cap_above(base, self.cap))

    @property
    def length(self) -> float | None:
        """Answer infinity: it never ends."""
        return inf

    @property
    def is_jittered(self) -> bool:
        """Answer True: every delay is drawn."""
        return True

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        """Answer the delay in seconds before a retry, from the one before; without it the delays are replayed."""
        if previous is None and retry > 1:
            return nth(self.walk(seed), retry)
        before = self.base if previous is None else previous
        spread = Bounds(self.base, max(self.base, 3 * before))
        return min(self._most(), spread.at(uniform(seed, retry)))

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer `[base, min(cap, base * 3**retry)]` for each of the first n retries."""
        return tuple(Bounds(self.base, greatest) for greatest in self._greatest(n))

    def mean(self, n: int) -> tuple[Mean, ...]:
        """Answer `base * (2 * 1.5**retry - 1)`, which is exact as long as no draw can reach the cap."""
        bounds = self.bounds(n)
        free = sum(bound.greatest < self._most() for bound in bounds)
        if self.base == 0 or not free:
            return super().mean(n)
        formula = tuple(Mean(self.base * (2 * 1.5**retry - 1), exact=True) for retry in range(1, free + 1))
        return formula if free == n else formula + estimate(self.walk, bounds)[free:]

    def _greatest(self, n: int) -> Iterator[float]:
        greatest = self.base
        for _ in range(n):
            greatest = min(self._most(), 3 * greatest)
            yield greatest

    def _most(self) -> float:
        return LONGEST if self.cap is None else self.cap

    def __repr__(self) -> str:
        return call("decorrelated", self.base, cap=self.cap)


def decorrelated(base: Seconds, *, cap: Seconds | None = None) -> BaseSchedule:
    """Wait `min(cap, uniform(base, 3 * previous))` seconds (AWS, "Exponential Backoff and Jitter").

    The first `previous` is the base. Beware: the formula bounds after the draw, so a third of the delays end up at
    the cap itself when it is 64 times the base; full jitter of a capped exponential has no such crowd.

    Args:
        base: the least delay in seconds.
        cap: the greatest delay in seconds; 1e9 when left out.

    Raises:
        ConfigError: when an argument is no duration, or the cap is below the base.

    >>> [round(delay, 3) for delay in decorrelated(1, cap=10).take(4).delays(seed=7)]
    [1.78, 1.073, 2.998, 5.661]
    """
    first = in_seconds("base", base)
    return Decorrelated(base=first, cap=cap_above(first, cap))
