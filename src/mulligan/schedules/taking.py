"""The combination behind `.take(n)`: the first delays of a schedule."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from mulligan.schedules.arguments import count
from mulligan.schedules.base import BaseSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.inspection import Bounds, Mean

__all__ = ["take"]


class Taken(BaseSchedule):
    """The value behind `.take(n)`."""

    of: BaseSchedule
    retries: int

    def __post_init__(self) -> None:
        self._settle(retries=count("retries", self.retries))

    @property
    def length(self) -> float | None:
        """Answer the shorter length; 0 is known even where the length below isn't."""
        if self.retries == 0:
            return 0
        return None if self.of.length is None else min(self.retries, self.of.length)

    @property
    def is_jittered(self) -> bool:
        """Answer what the schedule below does."""
        return self.of.is_jittered

    @property
    def follows_previous(self) -> bool:
        """Answer what the schedule below does: its delays pass unchanged."""
        return self.of.follows_previous

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        """Answer the delay below in seconds; None after the last retry taken."""
        return self.of.delay(retry, seed, previous) if retry <= self.retries else None

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        return islice(self.of.walk(seed), self.retries)

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the bounds below, of no more retries than are taken."""
        return self.of.bounds(min(n, self.retries))

    def mean(self, n: int) -> tuple[Mean, ...]:
        """Answer the means below, of no more retries than are taken."""
        return self.of.mean(min(n, self.retries))

    def surely(self, n: int) -> int:
        """Answer what the schedule below does, within the retries taken."""
        return self.of.surely(min(n, self.retries))

    def __repr__(self) -> str:
        return f"{self.of!r}.take({self.retries})"


def take(schedule: BaseSchedule, retries: int) -> BaseSchedule:
    """End a schedule after this many retries.

    Args:
        schedule: what to take from.
        retries: 0 or more.

    Raises:
        ConfigError: when it is no such number.
    """
    if isinstance(schedule, Taken):
        return Taken(of=schedule.of, retries=min(schedule.retries, count("retries", retries)))
    return Taken(of=schedule, retries=retries)
