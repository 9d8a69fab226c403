"""Google's rules for clients, from the SRE book.

Source: "Site Reliability Engineering", chapter "Handling Overload": client-side throttling, and the two budgets of
"Deciding to retry": three attempts a request, and retries below a tenth of a client's requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.guards import AdaptiveThrottle, Budget, retry_share
from mulligan.pipeline import Pipeline
from mulligan.policy import DEFAULT_SCHEDULE, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mulligan.events import Listener
    from mulligan.guards import Store
    from mulligan.schedules import Schedule

__all__ = ["sre"]


def sre(
    name: str = "sre",
    *,
    retry_on: tuple[type[BaseException], ...] | Callable[[Exception], bool],
    schedule: Schedule = DEFAULT_SCHEDULE,
    timeout: float | None = None,
    key: str | Callable[..., object] = "",
    store: Store | None = None,
    listeners: Iterable[Listener] = (),
) -> Pipeline[object]:
    """Answer Google's rules for clients: 3 attempts, retries below 10 % of requests, and the adaptive throttle.

    The throttle's k is 2; throttle and share look back on two minutes.

    Args:
        name: what to call it in events, notes and stores.
        retry_on: the exception types that say that the other side is overloaded, or a predicate on exceptions.
        schedule: the delays between attempts; the book asks for randomised exponential ones.
        timeout: seconds for the whole execution.
        key: tells backends apart: a constant, or a function of the call's arguments.
        store: where the states sit; this process's memory when left out.
        listeners: who is told what happens.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import execute
    >>> execute(sre("search", retry_on=(ConnectionError, TimeoutError)), len, "query")
    5
    """
    policy = Policy[object](name=name, retry_on=retry_on, schedule=schedule, max_attempts=3, timeout=timeout)
    guards = (
        AdaptiveThrottle(f"{name} throttle", k=2, window=120, key=key, store=store),
        Budget(f"{name} retries", retry_share(most=0.1, ttl=120), key=key, store=store),
    )
    return Pipeline(policy, guards=guards, listeners=listeners)
