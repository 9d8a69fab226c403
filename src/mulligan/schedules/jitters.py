"""The kinds of jitter: for a backoff, the span that the delay is drawn from evenly.

Rules: a kind is its span and nothing else; the mean of a jittered backoff is the middle of the span. The cap bounds the
backoff before the draw: proportional and additive jitter can therefore exceed it, and say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.schedules.arguments import in_seconds, ratio
from mulligan.schedules.inspection import Bounds
from mulligan.schedules.notation import call

if TYPE_CHECKING:
    from mulligan.schedules.arguments import Seconds

__all__ = ["Jitter", "additive_jitter", "equal_jitter", "full_jitter", "proportional_jitter"]


class Jitter(Value):
    """A kind of jitter; a subclass brings `span`."""

    if TYPE_CHECKING:

        def span(self, backoff: float) -> Bounds:
            """Answer the least and greatest delay in seconds that a backoff may become."""
            ...


class Full(Jitter):
    """The value behind `full_jitter`."""

    def span(self, backoff: float) -> Bounds:
        """Answer [0, backoff]."""
        return Bounds(0.0, backoff)

    def __repr__(self) -> str:
        return "full_jitter()"


class Equal(Jitter):
    """The value behind `equal_jitter`."""

    def span(self, backoff: float) -> Bounds:
        """Answer [backoff / 2, backoff]."""
        return Bounds(backoff / 2, backoff)

    def __repr__(self) -> str:
        return "equal_jitter()"


class Proportional(Jitter):
    """The value behind `proportional_jitter`."""

    ratio: float

    def __post_init__(self) -> None:
        self._settle(ratio=ratio("ratio", self.ratio))

    def span(self, backoff: float) -> Bounds:
        """Answer [backoff * (1 - ratio), backoff * (1 + ratio)]."""
        return Bounds(backoff * (1 - self.ratio), backoff * (1 + self.ratio))

    def __repr__(self) -> str:
        return call("proportional_jitter", self.ratio)


class Additive(Jitter):
    """The value behind `additive_jitter`."""

    most: float

    def __post_init__(self) -> None:
        self._settle(most=in_seconds("most", self.most))

    def span(self, backoff: float) -> Bounds:
        """Answer [backoff, backoff + most]."""
        return Bounds(backoff, backoff + self.most)

    def __repr__(self) -> str:
        return call("additive_jitter", self.most)


def full_jitter() -> Jitter:
    """Draw from `[0, backoff)` (AWS, "Exponential Backoff and Jitter"): the fewest calls under contention.

    >>> full_jitter().span(8.0)
    Bounds(least=0.0, greatest=8.0)
    """
    return Full()


def equal_jitter() -> Jitter:
    """Draw from `[backoff / 2, backoff)` (AWS, "Exponential Backoff and Jitter"): never less than half the backoff.

    >>> equal_jitter().span(8.0)
    Bounds(least=4.0, greatest=8.0)
    """
    return Equal()


def proportional_jitter(ratio: float) -> Jitter:
    """Draw from `backoff * [1 - ratio, 1 + ratio)`; it can exceed the cap by the ratio (gRPC A6: 0.2).

    Args:
        ratio: a share from 0 to 1.

    Raises:
        ConfigError: when it is none.

    >>> proportional_jitter(0.25).span(8.0)
    Bounds(least=6.0, greatest=10.0)
    """
    return Proportional(ratio=ratio)


def additive_jitter(most: Seconds) -> Jitter:
    """Draw from `[backoff, backoff + most)`; it can exceed the cap by that much (tenacity `wait_exponential_jitter`).

    Args:
        most: seconds that are added at most, or a timedelta.

    Raises:
        ConfigError: when it is no duration.

    >>> additive_jitter(1).span(8.0)
    Bounds(least=8.0, greatest=9.0)
    """
    return Additive(most=in_seconds("most", most))
