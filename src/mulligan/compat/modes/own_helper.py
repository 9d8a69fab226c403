"""A team's own helper at a site, with the engine beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from mulligan._functions import is_async
from mulligan.clock import running_clock
from mulligan.compat.shadow import (
    Beside,
    Engine,
    described,
    observed,
    observed_async,
    system_time,
    watch,
    watch_async,
)
from mulligan.decision import judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.outcome import Outcome, Reason
    from mulligan.policy import Policy
    from mulligan.schedules import BaseSchedule
    from mulligan.schedules.inspection import Bounds

__all__ = ["run"]


def run(
    site: str,
    policy: Policy[object],
    original: Callable[[Callable[..., Any]], Callable[..., Any]],
    fn: Callable[..., Any],
    *arguments: Any,
    **named: Any,
) -> Any:
    """Call the helper with the engine beside it; answer an awaitable where the operation is asynchronous.

    Args:
        site: the site's name.
        policy: what the helper's arguments stand for.
        original: decorates an operation by the helper.
        fn: the operation.
        arguments: passed to the operation.
        named: passed to the operation.
    """
    if is_async(fn):
        beside = Beside(site, _engine(policy), running_clock().monotonic)
        return watch_async(beside, original(observed_async(beside, fn)), *arguments, **named)
    beside = Beside(site, _engine(policy), system_time)
    return watch(beside, original(observed(beside, fn)), *arguments, **named)


def _engine(policy: Policy[object]) -> Engine:
    schedule = cast("BaseSchedule", policy.schedule)  # the mapping made it

    def span(attempt: int) -> Bounds | None:
        bounds = schedule.bounds(attempt)
        return bounds[attempt - 1] if len(bounds) >= attempt else None

    def surfaces(outcome: Outcome[object], reason: Reason) -> str:  # noqa: ARG001 - the last outcome, for every reason
        return described(outcome)

    return Engine(
        judge=lambda outcome: judge(policy, outcome),
        span=span,
        surfaces=surfaces,
        max_attempts=policy.max_attempts,
    )
