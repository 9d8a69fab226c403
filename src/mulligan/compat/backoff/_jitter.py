"""backoff's jitter: functions of a delay in seconds, drawing from the module `random`."""

from __future__ import annotations

import random

__all__ = ["full_jitter", "random_jitter"]


def random_jitter(value: float) -> float:
    """Add up to a second.

    Args:
        value: seconds.

    >>> 5 <= random_jitter(5) < 6
    True
    """
    return value + random.random()  # noqa: S311 - no secret


def full_jitter(value: float) -> float:
    """Draw from 0 to the value (AWS, "Exponential Backoff and Jitter").

    Args:
        value: seconds.

    >>> 0 <= full_jitter(5) <= 5
    True
    """
    return random.uniform(0, value)  # noqa: S311 - no secret
