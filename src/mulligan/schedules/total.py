"""The combination behind `.within(total)`: the delays whose sum stays within a total.

Rules: sums are compared to 1 ns, so that three delays of 0.1 s are within 0.3 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.schedules.arguments import in_seconds
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.inspection import Bounds
from mulligan.schedules.notation import short
from mulligan.schedules.walking import nth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.arguments import Seconds
    from mulligan.schedules.inspection import Mean

__all__ = ["within"]

_NANOSECOND = 1e-9


class Within(BaseSchedule):
    """The value behind `.within(total)`."""

    of: BaseSchedule
    total: float

    def __post_init__(self) -> None:
        self._settle(total=in_seconds("total", self.total))

    @property
    def is_jittered(self) -> bool:
        """Answer what the schedule below does."""
        return self.of.is_jittered

    @property
    def follows_previous(self) -> bool:
        """Answer False: the sum needs all the delays before, so they are replayed."""
        return False

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay below in seconds; None from the first that exceeds the total."""
        return nth(self.walk(seed), retry)

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        spent = 0.0
        for delay in self.of.walk(seed):
            spent += delay
            if self._exceeded(spent):
                return
            yield delay

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the bounds below, none of them above what the least delays before leave of the total."""
        rows: list[Bounds] = []
        spent = 0.0
        for bound in self.of.bounds(n):
            if self._exceeded(spent + bound.least):
                break
            left = max(bound.least, self.total - spent)
            rows.append(Bounds(bound.least, left) if self._exceeded(spent + bound.greatest) else bound)
            spent += bound.least
        return tuple(rows)

    def mean(self, n: int) -> tuple[Mean, ...]:
        """Answer the means below where no draw can end the schedule; otherwise the means of the delays that come."""
        sure = self.surely(n)
        return self.of.mean(sure) if sure == len(self.bounds(n)) else super().mean(n)

    def surely(self, n: int) -> int:
        """Answer how many delays come even when each is the greatest possible."""
        spent = 0.0
        sure = self.of.surely(n)
        for retry, bound in enumerate(self.of.bounds(sure)):
            spent += bound.greatest
            if self._exceeded(spent):
                return retry
        return sure

    def _exceeded(self, spent: float) -> bool:
        return spent > self.total + _NANOSECOND

    def __repr__(self) -> str:
        return f"{self.of!r}.within({short(self.total)})"


def within(schedule: BaseSchedule, total: Seconds) -> BaseSchedule:
    """End a schedule before the sum of its delays exceeds a total.

    Args:
        schedule: what to bound.
        total: seconds, or a timedelta.

    Raises:
        ConfigError: when it is no duration.
    """
    bound = in_seconds("total", total)
    if isinstance(schedule, Within):
        return Within(of=schedule.of, total=min(schedule.total, bound))
    return Within(of=schedule, total=bound)
