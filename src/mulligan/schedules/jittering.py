"""The combination behind `.jittered(kind)`: each delay of a schedule becomes a draw from the kind's span.

Rules: a schedule is jittered once, and capped before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.children import bounds_of, delay_of, length_of, surely_of, walk_of
from mulligan.schedules.counter import uniform
from mulligan.schedules.inspection import Bounds, Mean
from mulligan.schedules.jitters import Jitter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.protocol import Schedule

__all__ = ["jittered"]


class Jittered(BaseSchedule):
    """The value behind `.jittered(kind)`."""

    of: Schedule
    kind: Jitter

    @property
    def length(self) -> float | None:
        """Answer the length of the schedule below."""
        return length_of(self.of)

    @property
    def is_jittered(self) -> bool:
        """Answer True."""
        return True

    @property
    def follows_previous(self) -> bool:
        """Answer False: the backoff below is replayed where it needs that."""
        return False

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer a draw from the span of the backoff, in seconds."""
        backoff = delay_of(self.of, retry, seed)
        return None if backoff is None else self._draw(backoff, seed, retry)

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order."""
        for retry, backoff in enumerate(walk_of(self.of, seed), 1):
            yield self._draw(backoff, seed, retry)

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the spans of the least and the greatest backoff, joined."""
        return tuple(
            Bounds(self.kind.span(below.least).least, self.kind.span(below.greatest).greatest)
            for below in bounds_of(self.of, n)
        )

    def mean(self, n: int) -> tuple[Mean, ...]:
        """Answer the middle of the span, which is exact for a backoff without draws."""
        below = bounds_of(self.of, n)
        if all(bound.fixed for bound in below):
            return tuple(Mean(self.kind.span(bound.least).midpoint, exact=True) for bound in below)
        return super().mean(n)

    def surely(self, n: int) -> int:
        """Answer what the schedule below does."""
        return surely_of(self.of, n)

    def _draw(self, backoff: float, seed: int, retry: int) -> float:
        return self.kind.span(backoff).at(uniform(seed, retry))

    def __repr__(self) -> str:
        return f"{self.of!r}.jittered({self.kind!r})"


def jittered(schedule: BaseSchedule, kind: Jitter) -> BaseSchedule:
    """Draw each delay of a schedule by a kind of jitter.

    Args:
        schedule: not jittered yet.
        kind: such as `full_jitter()`.

    Raises:
        ConfigError: when the schedule is jittered already, or when this is no kind of jitter.
    """
    if not isinstance(kind, Jitter):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise ConfigError("kind", kind, "give a kind of jitter, such as full_jitter()")
    if schedule.is_jittered:
        raise ConfigError("jittered", schedule, "jitter once: this schedule draws its delays already")
    return Jittered(of=schedule, kind=kind)
