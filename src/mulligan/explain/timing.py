"""How long an execution can take, and whether its limits in seconds can end it, when every attempt fails.

Rules: an attempt takes the conditions' latency. The times at which attempt k can begin are an interval: that of attempt
k - 1, shifted by the latency and by what its delay can be, cut off at the limits (`decide` starts no sleep that would
reach the timeout, and stops at `stop_after`). The greatest end of an interval is the worst case. This is exact where
delays are drawn independently of each other; elsewhere it is a bound, and says so.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from mulligan._value import Value
from mulligan.explain.conditions import Figure
from mulligan.explain.quantiles import as_base, even_draws

if TYPE_CHECKING:
    from typing import Never

    from mulligan.explain.conditions import Conditions
    from mulligan.policy import Policy
    from mulligan.schedules import Bounds

__all__ = ["MOST_RETRIES", "Begin", "Reach", "Timing", "attempt_seconds", "timing"]

MOST_RETRIES: Final = 10_000
"""How many retries are looked at."""

Reach: TypeAlias = Literal["no timeout", "never", "possible", "always"]
"""Whether a limit in seconds can end an execution before its attempts are used up."""


class Begin(Value):
    """The times in seconds at which an attempt can begin."""

    attempt: int
    least: float
    greatest: float


class Timing(Value):
    """What can happen to an execution whose attempts all fail.

    Args:
        begins: one for each attempt that can be made.
        worst_case: seconds from the start to the end of the last attempt.
        fewest: attempts that are made whatever the draws.
        most: attempts that can be made; infinity where nothing ends them.
        timeout: whether the timeout or `stop_after` can end it before its attempts are used up.
    """

    begins: tuple[Begin, ...]
    worst_case: Figure
    fewest: float
    most: float
    timeout: Reach


def attempt_seconds(policy: Policy[Never], conditions: Conditions) -> float:
    """Answer the seconds that an attempt takes: the latency, unless an enforced attempt timeout cuts it."""
    if policy.attempt_timeout is not None and policy.attempt_timeout_mode == "enforce":
        return min(conditions.latency, policy.attempt_timeout)
    return conditions.latency


def timing(policy: Policy[Never], conditions: Conditions) -> Timing:
    """Answer when attempts can begin and how long it can take.

    Args:
        policy: the policy.
        conditions: the latency.

    >>> from mulligan import Policy, constant
    >>> from mulligan.explain.conditions import Conditions
    >>> policy = Policy(retry_on=OSError, schedule=constant(1), max_attempts=9, timeout=3.5)
    >>> found = timing(policy, Conditions(latency=0.5))
    >>> found.worst_case, found.most, found.timeout
    (Figure(value=3.5, exact=True), 3, 'always')
    """
    schedule = as_base(policy.schedule)
    bounds = schedule.bounds(int(min(MOST_RETRIES, policy.attempt_limit - 1)))
    seconds = attempt_seconds(policy, conditions)
    begins = _begins(policy, seconds, bounds)
    allowed = len(bounds) + 1
    endless = allowed > MOST_RETRIES and policy.attempt_limit > allowed
    sure = schedule.surely(len(bounds)) + 1
    fewest = min(sure, _fewest(policy, seconds, bounds))
    limit = policy.attempt_limit if endless else allowed
    most = limit if len(begins) == allowed else len(begins)
    return Timing(
        begins=begins,
        worst_case=_worst_case(policy, begins, seconds, bounds, endless=endless and most == limit),
        fewest=limit if fewest == allowed else fewest,
        most=most,
        timeout=_reach(policy, _fewest(policy, seconds, bounds), len(begins), allowed, sure),
    )


def _limits(policy: Policy[Never]) -> tuple[float, float]:
    return (
        inf if policy.timeout is None else policy.timeout,
        inf if policy.stop_after is None else policy.stop_after,
    )


def _begins(policy: Policy[Never], seconds: float, bounds: tuple[Bounds, ...]) -> tuple[Begin, ...]:
    """Follow the interval of an attempt's begin until a limit ends it for sure."""
    timeout, stop_after = _limits(policy)
    found = [Begin(attempt=1, least=0.0, greatest=0.0)]
    for bound in bounds:
        ended, latest = found[-1].least + seconds, min(found[-1].greatest + seconds, stop_after)
        if ended >= stop_after or ended + bound.least >= timeout:
            break
        greatest = min(latest + bound.greatest, timeout)
        found.append(Begin(attempt=len(found) + 1, least=ended + bound.least, greatest=greatest))
    return tuple(found)


def _fewest(policy: Policy[Never], seconds: float, bounds: tuple[Bounds, ...]) -> int:
    """Answer how many attempts are made where each delay is the greatest possible."""
    timeout, stop_after = _limits(policy)
    begin = 0.0
    for attempt, bound in enumerate(bounds, 1):
        ended = begin + seconds
        if ended >= stop_after or ended + bound.greatest >= timeout:
            return attempt
        begin = ended + bound.greatest
    return len(bounds) + 1


def _worst_case(
    policy: Policy[Never], begins: tuple[Begin, ...], seconds: float, bounds: tuple[Bounds, ...], *, endless: bool
) -> Figure:
    timeout, stop_after = _limits(policy)
    latest = max(begin.greatest for begin in begins) + seconds
    if endless:
        bounded = min(timeout, stop_after + bounds[-1].greatest) + seconds
        return Figure(bounded, exact=bounded == inf and policy.attempt_limit == inf)
    independent = even_draws(policy.schedule, len(begins) - 1, ()) is not None
    return Figure(latest, exact=independent or all(bound.fixed for bound in bounds[: len(begins)]))


def _reach(policy: Policy[Never], fewest: int, most: int, allowed: int, sure: int) -> Reach:
    """Answer whether a limit can end it; `sure` attempts are there whatever the schedule draws."""
    if policy.timeout is None and policy.stop_after is None:
        return "no timeout"
    if fewest == allowed:
        return "never"
    return "always" if most < min(allowed, sure) else "possible"
