"""What the type checkers see of guards and presets; each error is there on purpose, and runs as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

import pytest
import redis
import redis.asyncio

from mulligan import ConfigError, Pipeline, Policy, constant, execute, execute_async, retry
from mulligan.guards import (
    Accounting,
    AdaptiveThrottle,
    Budget,
    CircuitBreaker,
    FailureRate,
    Guard,
    MemoryStore,
    RedisStore,
    Status,
    Store,
    Threshold,
    Watching,
    adaptive,
    consecutive,
    count_window,
    deposit,
    quota,
    retry_share,
    time_window,
    token_ratio,
)
from mulligan.presets import aws_standard, grpc_a6, sre
from mulligan.schedules import BaseSchedule
from mulligan.testing import run_virtual

if TYPE_CHECKING:
    from mulligan.guards.stores.redis import AsyncClient, Client
    from mulligan.outcome import Refusal


class Maintenance:
    """A guard of one's own."""

    def admit(self, attempt: int, /) -> Refusal | None:
        return None


def fetch(url: str, *, timeout: float = 1.0) -> bytes:
    return url.encode()


async def afetch(url: str) -> bytes:
    return url.encode()


def test_guards_leave_the_types_of_operations_alone() -> None:
    policy: Policy[bytes] = Policy(retry_if=lambda value: not value)
    watching: list[Watching] = [CircuitBreaker(), Budget(), AdaptiveThrottle(), FailureRate()]
    own: Guard = Maintenance()
    pipeline = Pipeline(policy, guards=[*watching, own])
    assert_type(pipeline, Pipeline[bytes])
    assert_type(execute(pipeline, fetch, "u", timeout=2), bytes)
    assert_type(retry(pipeline)(fetch)("u"), bytes)

    async def main() -> None:
        assert_type(await execute_async(pipeline, afetch, "u"), bytes)

    run_virtual(main)


def test_thresholds_and_accountings_are_interchangeable() -> None:
    thresholds: list[Threshold] = [consecutive(), count_window(), time_window()]
    accountings: list[Accounting] = [deposit(), quota(), retry_share(), token_ratio()]
    assert all(CircuitBreaker("b", threshold).status() is Status.CLOSED for threshold in thresholds)
    assert all(Budget("b", accounting).level() > 0 for accounting in accountings)
    assert_type(CircuitBreaker().status(), Status)
    assert_type(Budget().level(), float)
    assert_type(AdaptiveThrottle().probability(), float)
    assert_type(adaptive(constant(1), FailureRate()), BaseSchedule)


def test_keys_are_constants_or_functions_of_the_arguments() -> None:
    def host(url: str, *, timeout: float = 1.0) -> str:
        return url

    CircuitBreaker(key="primary")
    CircuitBreaker(key=host)
    CircuitBreaker(key=lambda: "tenant")
    with pytest.raises(ConfigError):
        CircuitBreaker(max_keys="many")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_the_clients_of_redis_py_are_clients() -> None:
    client: Client = redis.Redis()
    async_client: AsyncClient = redis.asyncio.Redis()
    stores: list[Store] = [MemoryStore(), RedisStore(client), RedisStore(redis.Redis(), async_client)]
    assert all(isinstance(CircuitBreaker(store=store).name, str) for store in stores)
    with pytest.raises(ConfigError):
        RedisStore("redis://localhost")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_presets_serve_operations_of_any_type() -> None:
    for pipeline in (aws_standard(), grpc_a6(), sre(retry_on=(OSError,))):
        assert_type(pipeline, Pipeline[object])
        assert_type(execute(pipeline, fetch, "u"), bytes)
    with pytest.raises(TypeError):
        sre()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
