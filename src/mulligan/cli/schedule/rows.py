"""What `mulligan schedule` shows, as values: a row for each retry.

Rules: no output here; text, JSON, CSV and the picture show the same rows.
"""

from __future__ import annotations

from itertools import accumulate, islice
from typing import TYPE_CHECKING

from mulligan._value import Value

if TYPE_CHECKING:
    from mulligan.schedules import BaseSchedule

__all__ = ["Row", "rows_of"]


class Row(Value):
    """One retry: the delay drawn with the seed, what it could be, and the sum of the delays so far, in seconds."""

    retry: int
    delay: float
    least: float
    greatest: float
    mean: float
    mean_exact: bool
    cumulative: float


def rows_of(schedule: BaseSchedule, *, count: int, seed: int) -> tuple[Row, ...]:
    """Answer a row for each of the first retries; fewer when the schedule ends.

    Args:
        schedule: what to look at.
        count: how many retries.
        seed: fixes the draws.

    >>> from mulligan.schedules import linear
    >>> rows_of(linear(1), count=2, seed=0)[1]
    Row(retry=2, delay=2.0, least=2.0, greatest=2.0, mean=2.0, mean_exact=True, cumulative=3.0)
    """
    delays = list(islice(schedule.delays(seed=seed), count))
    bounds, means = schedule.bounds(len(delays)), schedule.mean(len(delays))
    columns = zip(delays, bounds, means, accumulate(delays), strict=True)
    return tuple(
        Row(
            retry=retry,
            delay=delay,
            least=bound.least,
            greatest=bound.greatest,
            mean=mean.value,
            mean_exact=mean.exact,
            cumulative=cumulative,
        )
        for retry, (delay, bound, mean, cumulative) in enumerate(columns, 1)
    )
