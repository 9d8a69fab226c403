"""Guards are checked at construction: each refusal names the field, the value and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan import ConfigError, constant, from_delays
from mulligan.guards import (
    AdaptiveThrottle,
    Budget,
    CircuitBreaker,
    FailureRate,
    consecutive,
    count_window,
    deposit,
    quota,
    time_window,
    token_ratio,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GUARDS: list[Callable[..., object]] = [CircuitBreaker, Budget, AdaptiveThrottle, FailureRate]


async def akey() -> str:
    return ""


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", ""), ("name", 3), ("max_keys", 0), ("max_keys", "many"), ("key", 7), ("key", akey)),
        *(("store", "redis"), ("classify", 7), ("classify", akey)),
    ],
)
def test_what_all_guards_take(guard: Callable[..., object], field: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"^{field}="):
        guard(**{field: value})


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("permits", lambda: CircuitBreaker(permits=0)),
        ("successes", lambda: CircuitBreaker(permits=2, successes=3)),
        ("open_for", lambda: CircuitBreaker(open_for=0)),
        ("open_for", lambda: CircuitBreaker(open_for=from_delays([]))),
        ("open_for", lambda: CircuitBreaker(open_for=constant(0))),
        ("lease", lambda: CircuitBreaker(lease=-1)),
        ("threshold", lambda: CircuitBreaker("b", 5)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ("accounting", lambda: Budget("b", 5)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ("throttled", lambda: Budget(throttled=5)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ("draw", lambda: AdaptiveThrottle(draw=5)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ("failures", lambda: consecutive(0)),
        ("size", lambda: count_window(0)),
        ("minimum", lambda: count_window(10, minimum=11)),
        ("failure_rate", lambda: count_window(failure_rate=1.5)),
        ("slow_rate", lambda: count_window(slow_rate=0.5)),
        ("slow_rate", lambda: time_window(slow_after=1)),
        ("slow_after", lambda: time_window(slow_rate=0.5, slow_after=0)),
        ("seconds", lambda: time_window(0)),
        ("buckets", lambda: time_window(buckets=0)),
        ("ttl", lambda: deposit(ttl=0)),
        ("ratio", lambda: deposit(ratio=0)),
        ("reserve", lambda: deposit(reserve=-1)),
        ("max_tokens", lambda: token_ratio(max_tokens=0)),
        ("ratio", lambda: token_ratio(ratio=0)),
        ("capacity", lambda: quota(capacity=0)),
        ("cost", lambda: quota(cost=0)),
        ("credit", lambda: quota(credit=-1)),
        ("window", lambda: FailureRate(window=0)),
        ("minimum", lambda: FailureRate(minimum=0)),
    ],
)
def test_what_each_takes(field: str, make: Callable[[], object]) -> None:
    with pytest.raises(ConfigError, match=f"^{field}="):
        make()
