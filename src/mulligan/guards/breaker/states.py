"""What a breaker's state is, what happens to it, and what it answers: closed unions of frozen values.

Rules: every change of status begins a new generation. A permit is the generation in which it was given; what an
attempt of an earlier generation did counts as nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from mulligan._value import Value

if TYPE_CHECKING:
    from mulligan.guards.buckets import Window

__all__ = [
    "ASK",
    "Answer",
    "Ask",
    "Closed",
    "Disabled",
    "ForcedOpen",
    "HalfOpen",
    "MetricsOnly",
    "Open",
    "Order",
    "Release",
    "Settle",
    "State",
    "Status",
]


class Status(StrEnum):
    """Where a breaker stands.

    >>> Status.HALF_OPEN
    <Status.HALF_OPEN: 'half_open'>
    """

    CLOSED = "closed"  # attempts begin, and are counted
    OPEN = "open"  # attempts are refused, for a while
    HALF_OPEN = "half_open"  # a few attempts begin, as probes
    FORCED_OPEN = "forced_open"  # attempts are refused until an operator says otherwise
    DISABLED = "disabled"  # attempts begin, and are not counted
    METRICS_ONLY = "metrics_only"  # attempts begin and are counted; it never opens


class Closed(Value):
    """Attempts begin and are counted.

    Args:
        generation: counts the changes of status.
        window: what the threshold has seen.
    """

    generation: int
    window: Window
    status = Status.CLOSED


class Open(Value):
    """Attempts are refused.

    Args:
        generation: counts the changes of status.
        openings: how often it has opened since it was closed, from 1.
        until: the instant when probes are let through, in seconds.
    """

    generation: int
    openings: int
    until: float
    status = Status.OPEN


class HalfOpen(Value):
    """A few attempts begin, as probes.

    Args:
        generation: counts the changes of status.
        openings: how often it has opened since it was closed, from 1.
        granted: how many probes were let through.
        latest: the instant of the latest one, in seconds.
        successes: how many of them succeeded.
        failures: how many of them failed.
    """

    generation: int
    openings: int
    granted: int
    latest: float
    successes: int
    failures: int
    status = Status.HALF_OPEN


class ForcedOpen(Value):
    """Attempts are refused until an operator says otherwise.

    Args:
        generation: counts the changes of status.
    """

    generation: int
    status = Status.FORCED_OPEN


class Disabled(Value):
    """Attempts begin, and are not counted.

    Args:
        generation: counts the changes of status.
    """

    generation: int
    status = Status.DISABLED


class MetricsOnly(Value):
    """Attempts begin and are counted; it never opens.

    Args:
        generation: counts the changes of status.
        window: what the threshold has seen.
    """

    generation: int
    window: Window
    status = Status.METRICS_ONLY


State: TypeAlias = Closed | Open | HalfOpen | ForcedOpen | Disabled | MetricsOnly


class Ask(Value):
    """An attempt wants to begin."""


class Settle(Value):
    """An attempt has ended, and counts.

    Args:
        permit: the generation in which it began.
        failed: whether it failed.
        slow: whether it was slow.
    """

    permit: int
    failed: bool
    slow: bool = False


class Release(Value):
    """An attempt has ended, and counts as nothing: it was cancelled, or never made.

    Args:
        permit: the generation in which it was to begin.
    """

    permit: int


class Order(Value, kw_only=False):
    """An operator moves the breaker.

    Args:
        to: closed, forced_open, disabled or metrics_only.
    """

    to: Status


Event: TypeAlias = Ask | Settle | Release | Order
ASK = Ask()


class Answer(Value):
    """What a transition says.

    Args:
        permit: the generation in which an attempt may begin, `None` where it is refused or nobody asked.
        retry_after: seconds until probes are let through, `None` where it isn't open.
        before: where the breaker stood.
        after: where it stands.
    """

    permit: int | None
    retry_after: float | None
    before: Status
    after: Status
