"""The breaker's table: which occurrence moves it from which status to which.

Rules: the status changes only through `TABLE`; the documentation's diagram and the script for other stores are made
from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from mulligan.guards.breaker.states import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ORDERS", "TABLE", "Occurrence"]


class Occurrence(StrEnum):
    """What makes a breaker change its status."""

    TRIPPED = "the threshold is reached"
    RESTED = "an attempt asks after the open duration"
    RECOVERED = "enough probes succeeded"
    RELAPSED = "too many probes failed"
    FORCED = "force_open()"
    SWITCHED_OFF = "disable()"
    OBSERVED = "observe_only()"
    RESET = "reset()"


ORDERS: Final[Mapping[Status, Occurrence]] = {
    Status.FORCED_OPEN: Occurrence.FORCED,
    Status.DISABLED: Occurrence.SWITCHED_OFF,
    Status.METRICS_ONLY: Occurrence.OBSERVED,
    Status.CLOSED: Occurrence.RESET,
}
"""What an operator may order, from any status."""
TABLE: Final[Mapping[tuple[Status, Occurrence], Status]] = {
    (Status.CLOSED, Occurrence.TRIPPED): Status.OPEN,
    (Status.OPEN, Occurrence.RESTED): Status.HALF_OPEN,
    (Status.HALF_OPEN, Occurrence.RECOVERED): Status.CLOSED,
    (Status.HALF_OPEN, Occurrence.RELAPSED): Status.OPEN,
} | {(status, order): to for status in Status for to, order in ORDERS.items()}
