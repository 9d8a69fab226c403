"""Walking along any schedule by its one method: its delays in order, one of them, and a mean over a sample.

Rules: a schedule is given its own previous delays; a sample has the same seeds each time, so that it repeats.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from mulligan.schedules.inspection import Bounds, Mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mulligan.schedules.protocol import Schedule

__all__ = ["estimate", "nth", "walk"]

_MOST_SAMPLES, _LEAST_SAMPLES, _MOST_DELAYS = 1_000, 100, 200_000


def walk(schedule: Schedule, seed: int) -> Iterator[float]:
    """Give the delays of a schedule in order, in seconds, by its one method.

    Args:
        schedule: any schedule.
        seed: fixes the draws.
    """
    previous: float | None = None
    retry = 1
    while (delay := schedule.delay(retry, seed, previous)) is not None:
        yield delay
        previous, retry = delay, retry + 1


def nth(delays: Iterator[float], retry: int) -> float | None:
    """Answer the delay of one retry in seconds; None when the delays end before it.

    Args:
        delays: the delays in order.
        retry: number of the retry, 1 for the first one.

    >>> nth(iter([0.1, 0.2]), 2)
    0.2
    """
    return next(islice(delays, retry - 1, None), None)


def estimate(delays: Callable[[int], Iterator[float]], bounds: tuple[Bounds, ...]) -> tuple[Mean, ...]:
    """Estimate the means of delays from the seeds 0 to 999, or fewer for many delays; fixed delays are exact.

    Args:
        delays: gives the delays in order for a seed.
        bounds: their bounds, one for each retry to look at.

    >>> estimate(lambda seed: iter([seed % 2]), (Bounds(0, 1),))
    (Mean(value=0.5, exact=False),)
    """
    sums, counts = [0.0] * len(bounds), [0] * len(bounds)
    for seed in range(_samples(len(bounds))):
        for index, delay in enumerate(islice(delays(seed), len(bounds))):
            sums[index] += delay
            counts[index] += 1
    return tuple(_mean(*row) for row in zip(bounds, sums, counts, strict=True))


def _samples(n: int) -> int:
    """Answer how many seeds to look at, so that thousands of delays don't take seconds."""
    return max(_LEAST_SAMPLES, min(_MOST_SAMPLES, _MOST_DELAYS // max(n, 1)))


def _mean(bound: Bounds, total: float, times: int) -> Mean:
    if bound.fixed or not times:
        return Mean(bound.midpoint, exact=bound.fixed)
    return Mean(total / times, exact=False)
