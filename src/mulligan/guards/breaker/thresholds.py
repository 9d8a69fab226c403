"""When a breaker opens: after failures in a row, or at a rate of failures or slow calls within a window.

Rules: a threshold is a frozen value, and what it has seen is a flat tuple of numbers that it alone reads. Rates are
looked at only once a minimum of calls was seen. A call is slow where it took `slow_after` seconds or longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from mulligan._value import Value
from mulligan.errors import ConfigError
from mulligan.guards.arguments import optional_seconds, optional_share, positive, share, whole
from mulligan.guards.buckets import Window, add, advance, empty, total

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["Threshold", "consecutive", "count_window", "time_window"]

_FAILED: Final = 1
_SLOW: Final = 2


class Threshold(Protocol):
    """What a breaker asks whether it is to open."""

    @property
    def slow_after(self) -> float | None:
        """Seconds from which on a call is slow, `None` where that is not looked at."""
        ...

    def start(self) -> Window:
        """Answer what was seen before the first call."""
        ...

    def observe(self, window: Window, now: float, /, *, failed: bool, slow: bool) -> Window:
        """Answer what was seen after one more call."""
        ...

    def is_reached(self, window: Window, /) -> bool:
        """Tell whether the breaker is to open."""
        ...

    def is_clean(self, window: Window, /) -> bool:
        """Tell whether a quick success would leave the window as it is."""
        ...

    def settings(self) -> tuple[float, ...]:
        """Answer the numbers that say everything: the kind, then its own."""
        ...


class Consecutive(Value):
    """The value behind `consecutive`."""

    failures: int

    @property
    def slow_after(self) -> float | None:
        """Slow calls are not looked at."""
        return None

    def start(self) -> Window:
        """Answer no failures."""
        return (0,)

    def observe(self, window: Window, now: float, /, *, failed: bool, slow: bool) -> Window:  # noqa: ARG002 - the protocol's
        """Count a failure, or forget them all."""
        if failed:
            return (window[0] + 1,)
        return window if window[0] == 0 else (0,)

    def is_reached(self, window: Window, /) -> bool:
        """Tell whether that many calls failed in a row."""
        return window[0] >= self.failures

    def is_clean(self, window: Window, /) -> bool:
        """Tell whether the last call succeeded."""
        return window[0] == 0

    def settings(self) -> tuple[float, ...]:
        """Answer the numbers that say everything."""
        return (0, self.failures, 0, 0, 0, 0)

    def __repr__(self) -> str:
        return f"consecutive({self.failures})"


class _Rates(Value):
    """What both windows share."""

    failure_rate: float
    minimum: int
    slow_rate: float | None
    slow_after: float | None

    def is_clean(self, window: Window, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: a window counts successes too."""
        return False

    def exceeded(self, calls: float, failures: float, slow: float) -> bool:
        """Tell whether one of the rates is reached."""
        if calls < self.minimum:
            return False
        return failures >= self.failure_rate * calls or (self.slow_rate is not None and slow >= self.slow_rate * calls)

    def rates(self) -> tuple[float, ...]:
        """Answer the numbers of the rates; a slow rate that is not looked at is above any other."""
        return (self.failure_rate, self.minimum, 2 if self.slow_rate is None else self.slow_rate)


class CountWindow(_Rates):
    """The value behind `count_window`: failures, slow calls, then a mark for each of the last calls."""

    size: int

    def start(self) -> Window:
        """Answer no calls."""
        return (0, 0)

    def observe(self, window: Window, now: float, /, *, failed: bool, slow: bool) -> Window:  # noqa: ARG002 - the protocol's
        """Count a call, and forget the oldest where the window is full."""
        failures, slows, *marks = window
        if len(marks) == self.size:
            oldest = int(marks.pop(0))
            failures -= oldest & _FAILED
            slows -= (oldest & _SLOW) >> 1
        return (failures + failed, slows + slow, *marks, failed * _FAILED + slow * _SLOW)

    def is_reached(self, window: Window, /) -> bool:
        """Tell whether one of the rates is reached among the last calls."""
        return self.exceeded(len(window) - 2, window[0], window[1])

    def settings(self) -> tuple[float, ...]:
        """Answer the numbers that say everything."""
        return (1, self.size, 0, *self.rates())

    def __repr__(self) -> str:
        return _shown("count_window", self.size, self)


class TimeWindow(_Rates):
    """The value behind `time_window`: calls, failures and slow calls in each bucket."""

    seconds: float
    buckets: int

    @property
    def span(self) -> float:
        """Seconds of a bucket."""
        return self.seconds / self.buckets

    def start(self) -> Window:
        """Answer no calls."""
        return empty(self.buckets, 3)

    def observe(self, window: Window, now: float, /, *, failed: bool, slow: bool) -> Window:
        """Count a call in the newest bucket, and forget what is too old."""
        return add(advance(window, self.span, 3, now), (1, failed, slow))

    def is_reached(self, window: Window, /) -> bool:
        """Tell whether one of the rates is reached within the window."""
        calls = total(window, 3, 0)
        return calls >= self.minimum and self.exceeded(calls, total(window, 3, 1), total(window, 3, 2))

    def settings(self) -> tuple[float, ...]:
        """Answer the numbers that say everything."""
        return (2, self.span, self.buckets, *self.rates())

    def __repr__(self) -> str:
        return _shown("time_window", self.seconds, self, buckets=self.buckets)


def _shown(name: str, size: float, rates: _Rates, **more: object) -> str:
    fields = {"failure_rate": rates.failure_rate, "minimum": rates.minimum, **more}
    if rates.slow_rate is not None:
        fields |= {"slow_rate": rates.slow_rate, "slow_after": rates.slow_after}
    return f"{name}({size!r}, {', '.join(f'{field}={value!r}' for field, value in fields.items())})"


def consecutive(failures: int = 5) -> Threshold:
    """Open after this many failures in a row.

    Args:
        failures: 1 or more.

    Raises:
        ConfigError: when it is no such number.

    >>> consecutive(5)
    consecutive(5)
    """
    return Consecutive(failures=whole("failures", failures, 1))


def count_window(
    size: int = 100,
    *,
    failure_rate: float = 0.5,
    minimum: int | None = None,
    slow_rate: float | None = None,
    slow_after: float | timedelta | None = None,
) -> Threshold:
    """Open when a share of the last calls failed, or was slow (resilience4j's count-based window and its defaults).

    Args:
        size: how many calls are looked at.
        failure_rate: the share of failures, above 0 and up to 1.
        minimum: how many calls must have been seen before; the size when left out.
        slow_rate: the share of slow calls, above 0 and up to 1.
        slow_after: seconds from which on a call is slow; goes with `slow_rate`.

    Raises:
        ConfigError: when an argument can't be used.

    >>> count_window(20, failure_rate=0.25)
    count_window(20, failure_rate=0.25, minimum=20)
    """
    size = whole("size", size, 1)
    least = size if minimum is None else whole("minimum", minimum, 1)
    if least > size:
        raise ConfigError("minimum", minimum, f"a window of {size} calls never holds that many")
    _refuse_half_of_a_pair(slow_rate, slow_after)
    return CountWindow(
        size=size,
        failure_rate=share("failure_rate", failure_rate),
        minimum=least,
        slow_rate=optional_share("slow_rate", slow_rate),
        slow_after=optional_seconds("slow_after", slow_after),
    )


def time_window(
    seconds: float | timedelta = 30.0,
    *,
    failure_rate: float = 0.1,
    minimum: int = 100,
    buckets: int = 10,
    slow_rate: float | None = None,
    slow_after: float | timedelta | None = None,
) -> Threshold:
    """Open when a share of the calls of the last seconds failed, or was slow (Polly's window and its defaults).

    Args:
        seconds: how far back is looked.
        failure_rate: the share of failures, above 0 and up to 1.
        minimum: how many calls must have been seen within the window.
        buckets: how many parts the window moves on in.
        slow_rate: the share of slow calls, above 0 and up to 1.
        slow_after: seconds from which on a call is slow; goes with `slow_rate`.

    Raises:
        ConfigError: when an argument can't be used.

    >>> time_window(60, minimum=20)
    time_window(60.0, failure_rate=0.1, minimum=20, buckets=10)
    """
    _refuse_half_of_a_pair(slow_rate, slow_after)
    return TimeWindow(
        seconds=positive("seconds", seconds),
        buckets=whole("buckets", buckets, 1),
        failure_rate=share("failure_rate", failure_rate),
        minimum=whole("minimum", minimum, 1),
        slow_rate=optional_share("slow_rate", slow_rate),
        slow_after=optional_seconds("slow_after", slow_after),
    )


def _refuse_half_of_a_pair(slow_rate: object, slow_after: object) -> None:
    if (slow_rate is None) != (slow_after is None):
        raise ConfigError("slow_rate", slow_rate, "give slow_rate and slow_after together, or neither")
