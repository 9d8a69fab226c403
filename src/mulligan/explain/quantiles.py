"""The delays of a policy by retry: bounds, quantiles and mean.

Rules: a delay that is one even draw between its bounds has its quantiles by formula: q of the way from least to
greatest. So have combinations whose parts share the draw (`max_of`, `min_of`), because they grow with it. Others
(decorrelated jitter, `.within()`, anyone's own draws) are sampled over the same seeds each time, and say so.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.schedules import BaseSchedule, max_of
from mulligan.schedules.children import bounds_of, surely_of
from mulligan.schedules.extremes import Longest, Shortest
from mulligan.schedules.jittering import Jittered
from mulligan.schedules.sequence import Sequence
from mulligan.schedules.taking import Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Never

    from mulligan.policy import Policy
    from mulligan.schedules import Bounds, Schedule

__all__ = ["SHARES", "RetryRow", "as_base", "even_draws", "retry_rows", "seeds"]

SHARES: Final = (0.5, 0.9, 0.99)
"""The quantiles that are shown."""

Quantiles = tuple[tuple[float, ...], ...]


class RetryRow(Value):
    """One retry's delay in seconds.

    Args:
        retry: its number, from 1.
        least: the shortest possible.
        quantiles: one for each of `SHARES`.
        greatest: the longest possible.
        mean: the expectation.
        exact: whether formulas gave quantiles and mean.
    """

    retry: int
    least: float
    quantiles: tuple[float, ...]
    greatest: float
    mean: float
    exact: bool


def as_base(schedule: Schedule) -> BaseSchedule:
    """Answer a schedule with the algebra around it where it has none."""
    return schedule if isinstance(schedule, BaseSchedule) else max_of(schedule)


def retry_rows(policy: Policy[Never], count: int) -> tuple[RetryRow, ...]:
    """Answer the delays of the first retries that the policy's schedule and attempts allow.

    Args:
        policy: the policy; its limits in seconds are not asked.
        count: how many retries at most.

    >>> from mulligan import Policy, full_jitter, linear
    >>> policy = Policy(retry_on=OSError, schedule=linear(1).jittered(full_jitter()), max_attempts=3)
    >>> retry_rows(policy, 10)[1]
    RetryRow(retry=2, least=0.0, quantiles=(1.0, 1.8, 1.98), greatest=2.0, mean=1.0, exact=True)
    """
    schedule = as_base(policy.schedule)
    retries = int(min(count, policy.attempt_limit - 1))
    bounds, means = schedule.bounds(retries), schedule.mean(retries)
    drawn = even_draws(schedule, len(bounds), SHARES)
    rows = _sampled(schedule, len(bounds)) if drawn is None else drawn
    return tuple(
        RetryRow(
            retry=retry,
            least=bound.least,
            quantiles=quantiles,
            greatest=bound.greatest,
            mean=mean.value,
            exact=mean.exact and drawn is not None,
        )
        for retry, (bound, mean, quantiles) in enumerate(zip(bounds, means, rows, strict=False), 1)
    )


def even_draws(schedule: Schedule, n: int, shares: tuple[float, ...]) -> Quantiles | None:
    """Answer quantiles of the first n delays by formula; `None` where there is none.

    Args:
        schedule: any.
        n: how many retries.
        shares: from 0 to 1.

    >>> from mulligan import constant, equal_jitter
    >>> even_draws(constant(2).jittered(equal_jitter()), 1, (0.5,))
    ((1.5,),)
    """
    bounds = bounds_of(schedule, n)
    if surely_of(schedule, n) < len(bounds):
        return None
    if all(bound.fixed for bound in bounds):
        return tuple((bound.least,) * len(shares) for bound in bounds)
    return _of_kind(schedule, n, shares, bounds)


def _of_kind(schedule: Schedule, n: int, shares: tuple[float, ...], bounds: tuple[Bounds, ...]) -> Quantiles | None:
    match schedule:
        case Jittered(of=below) if all(bound.fixed for bound in bounds_of(below, n)):
            return tuple(tuple(bound.at(share) for share in shares) for bound in bounds)
        case Taken(of=below, retries=retries):
            return even_draws(below, min(n, retries), shares)
        case Longest(parts=parts):
            return _extreme(max, [even_draws(part, n, shares) for part in parts], len(bounds))
        case Shortest(parts=parts) if all(surely_of(part, n) >= len(bounds) for part in parts):
            return _extreme(min, [even_draws(part, n, shares) for part in parts], len(bounds))
        case Sequence(parts=parts):
            return _in_a_row(parts, n, shares)
        case _:
            return None


def _extreme(choose: Callable[[Iterable[float]], float], parts: list[Quantiles | None], n: int) -> Quantiles | None:
    """Answer the longest or the shortest at each quantile: exact, because the parts grow with one shared draw."""
    known = [part[:n] for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return tuple(tuple(map(choose, zip(*row, strict=True))) for row in zip(*known, strict=True))


def _in_a_row(parts: tuple[Schedule, ...], n: int, shares: tuple[float, ...]) -> Quantiles | None:
    rows: Quantiles = ()
    for part in parts:
        found = even_draws(part, n - len(rows), shares)
        if found is None:
            return None
        rows += found
    return rows


def _sampled(schedule: BaseSchedule, n: int) -> Quantiles:
    columns: list[list[float]] = [[] for _ in range(n)]
    for seed in seeds(n):
        for column, delay in zip(columns, islice(schedule.walk(seed), n), strict=False):
            column.append(delay)
    return tuple(tuple(_quantile(sorted(column), share) for share in SHARES) for column in columns if column)


def _quantile(column: list[float], share: float) -> float:
    return column[min(len(column) - 1, int(share * len(column)))]


def seeds(n: int) -> range:
    """Answer the seeds of a sample of n delays each, so that thousands of delays don't take seconds."""
    return range(max(100, min(1_000, 200_000 // max(n, 1))))
