"""The growing families: linear, exponential and fibonacci backoff, each bounded by its cap.

Rules: formulas count n from 0 (n = retry - 1); a delay that is too large for a float is the cap, never an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.schedules.arguments import cap_above, in_seconds, number
from mulligan.schedules.fixed import Endless, bounded
from mulligan.schedules.notation import call

if TYPE_CHECKING:
    from mulligan.schedules.arguments import Seconds
    from mulligan.schedules.base import BaseSchedule

__all__ = ["exponential", "fibonacci", "linear"]

_LARGEST_FIBONACCI = 1475  # F(1476) is the last that a float can hold


class Linear(Endless):
    """The value behind `linear`."""

    base: float
    step: float
    cap: float | None

    def __post_init__(self) -> None:
        base = in_seconds("base", self.base)
        self._settle(base=base, step=in_seconds("step", self.step), cap=cap_above(base, self.cap))

    def backoff(self, n: int) -> float:
        """Answer the n-th backoff in seconds."""
        return bounded(self.base + self.step * n, self.cap)

    def __repr__(self) -> str:
        return call("linear", self.base, step=self.step, cap=self.cap)


class Exponential(Endless):
    """The value behind `exponential`."""

    base: float
    factor: float
    cap: float | None

    def __post_init__(self) -> None:
        base = in_seconds("base", self.base)
        factor = number("factor", self.factor, "give a finite number above 0, such as 2")
        self._settle(base=base, factor=factor, cap=cap_above(base, self.cap))

    def backoff(self, n: int) -> float:
        """Answer the n-th backoff in seconds."""
        try:
            grown = self.base * self.factor**n
        except OverflowError:
            grown = self.base and float("inf")
        return bounded(grown, self.cap)

    def __repr__(self) -> str:
        return call("exponential", self.base, factor=self.factor, cap=self.cap)


class Fibonacci(Endless):
    """The value behind `fibonacci`."""

    base: float
    cap: float | None

    def __post_init__(self) -> None:
        base = in_seconds("base", self.base)
        self._settle(base=base, cap=cap_above(base, self.cap))

    def backoff(self, n: int) -> float:
        """Answer the n-th backoff in seconds."""
        return bounded(self.base * _fibonacci(min(n, _LARGEST_FIBONACCI)), self.cap)

    def __repr__(self) -> str:
        return call("fibonacci", self.base, cap=self.cap)


def _fibonacci(n: int) -> int:
    number, following = 1, 1
    for _ in range(n):
        number, following = following, number + following
    return number


def linear(base: Seconds, *, step: Seconds | None = None, cap: Seconds | None = None) -> BaseSchedule:
    """Wait `min(cap, base + step * n)` seconds: the same amount longer each time.

    Args:
        base: seconds before the first retry.
        step: seconds that every further delay is longer; the base when left out.
        cap: the greatest delay in seconds; 1e9 when left out.

    Raises:
        ConfigError: when an argument is no duration, or the cap is below the base.

    >>> list(linear(1, step=0.5, cap=2).take(4))
    [1.0, 1.5, 2.0, 2.0]
    """
    first = in_seconds("base", base)
    return Linear(base=first, step=first if step is None else in_seconds("step", step), cap=cap_above(first, cap))


def exponential(base: Seconds, *, factor: float = 2, cap: Seconds | None = None) -> BaseSchedule:
    """Wait `min(cap, base * factor**n)` seconds (AWS, "Exponential Backoff and Jitter").

    Clients that failed together retry together: jitter it (`.jittered(full_jitter())`) unless there is one client.

    Args:
        base: seconds before the first retry.
        factor: how many times longer every further delay is.
        cap: the greatest delay in seconds, before any jitter; 1e9 when left out.

    Raises:
        ConfigError: when an argument is no duration, the factor isn't above 0, or the cap is below the base.

    >>> list(exponential(0.5, factor=2, cap=3).take(4))
    [0.5, 1.0, 2.0, 3.0]
    """
    first = in_seconds("base", base)
    return Exponential(base=first, factor=factor, cap=cap_above(first, cap))


def fibonacci(base: Seconds, *, cap: Seconds | None = None) -> BaseSchedule:
    """Wait `min(cap, base * F(n + 1))` seconds, with F = 1, 1, 2, 3, 5, …: growth by 1.618 in the long run.

    Args:
        base: seconds before the first and the second retry.
        cap: the greatest delay in seconds; 1e9 when left out.

    Raises:
        ConfigError: when an argument is no duration, or the cap is below the base.

    >>> list(fibonacci(1, cap=4).take(6))
    [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]
    """
    first = in_seconds("base", base)
    return Fibonacci(base=first, cap=cap_above(first, cap))
