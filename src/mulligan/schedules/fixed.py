"""Families whose delay is a function of the retry number alone.

Rules: a subclass gives the n-th backoff (n = retry - 1, as formulas count) and nothing else; the cap bounds it, and
without a cap `LONGEST` does, so that no retry number overflows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.schedules.arguments import LONGEST
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.inspection import Bounds

__all__ = ["Endless", "bounded"]

_FARTHEST = 2**53


class Endless(BaseSchedule):
    """A family without draws and without an end; a subclass brings `backoff`."""

    if TYPE_CHECKING:

        def backoff(self, n: int) -> float:
            """Answer the n-th backoff in seconds, n = 0 for the first retry."""
            ...

    @property
    def length(self) -> float | None:
        """Answer infinity: it never ends."""
        return float("inf")

    @property
    def follows_previous(self) -> bool:
        """Answer False: the retry number says everything."""
        return False

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay in seconds before a retry."""
        return self.backoff(min(retry - 1, _FARTHEST))

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the one possible delay of each of the first n retries."""
        return tuple(Bounds(delay, delay) for delay in map(self.backoff, range(n)))


def bounded(backoff: float, cap: float | None) -> float:
    """Answer a backoff in seconds, bounded by its cap or by `LONGEST`.

    Args:
        backoff: seconds, perhaps infinite.
        cap: seconds, or None.

    >>> bounded(float("inf"), None)
    1000000000.0
    """
    return min(backoff, LONGEST if cap is None else cap)
