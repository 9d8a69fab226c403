"""No frame of an operation outlives its execution: neither a cycle nor a hidden reference keeps one alive.

The collector is off, so that whatever dies here dies by its reference count, as `weakref` shows.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import TYPE_CHECKING

import pytest

from mulligan import (
    Execution,
    Pipeline,
    Policy,
    RetryExhausted,
    attempts,
    execute,
    execute_async,
    no_delay,
    retry,
    try_execute,
)
from tests.observe.recording import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Way: TypeAlias = "Callable[[Policy[int] | Pipeline[int], Flaky], None]"


class Canary:
    """Lives as long as the frame of the operation that holds it."""


class Flaky:
    """An operation that fails for its first calls, with a canary in each frame."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.canaries: list[weakref.ref[Canary]] = []

    def __call__(self) -> int:
        canary = Canary()
        self.canaries.append(weakref.ref(canary))
        if len(self.canaries) <= self.failures:
            raise ConnectionError("flaky")
        return 7

    async def asynchronous(self) -> int:
        await asyncio.sleep(0)
        return self()

    def alive(self) -> int:
        return sum(canary() is not None for canary in self.canaries)


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


PLAIN: Policy[int] = Policy(retry_on=ConnectionError, schedule=no_delay())
POLICIES = {
    "plain": PLAIN,
    "timed": PLAIN.replace(timeout=60),
    "judging": PLAIN.replace(retry_if=lambda value: value < 0),
    "wrapping": PLAIN.replace(on_exhausted="wrap"),
    "predicate": PLAIN.replace(retry_on=lambda error: True),
    "listening": Pipeline(PLAIN, listeners=[print]),
    "attending": Pipeline(PLAIN, listeners=[Words()]),
}


def by_function(policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    execute(policy, operation)


def by_decorator(policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    retry(policy)(operation)()


def by_execution(policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    Execution(policy, on_retry=lambda event: None).run(operation)


def by_stoppable_execution(policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    Execution(policy, stop=threading.Event()).run(operation)


def by_block(policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    for attempt in attempts(policy):
        with attempt:
            attempt.accept(operation())


def by_coroutine(policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    """The task itself keeps its error, so the error is dropped inside of it."""
    failed: list[type[Exception]] = []

    async def main() -> None:
        try:
            await execute_async(policy, operation.asynchronous)
        except (ConnectionError, RetryExhausted) as error:
            failed.append(type(error))

    asyncio.run(main())
    if failed:
        raise failed[0]("dropped") if failed[0] is ConnectionError else RetryExhausted("dropped", attempts=3)


WAYS = [by_function, by_decorator, by_execution, by_stoppable_execution, by_block, by_coroutine]
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
every_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


@every_way
@every_policy
def test_nothing_is_alive_after_a_recovered_execution(way: Way, policy: Policy[int] | Pipeline[int]) -> None:
    operation = Flaky(2)
    way(policy, operation)
    assert len(operation.canaries) == 3
    assert operation.alive() == 0


@every_way
@every_policy
def test_nothing_is_alive_after_a_failed_execution(way: Way, policy: Policy[int] | Pipeline[int]) -> None:
    operation = Flaky(9)
    with_errors_dropped(way, policy, operation)
    assert len(operation.canaries) == 3
    assert operation.alive() == 0


def with_errors_dropped(way: Way, policy: Policy[int] | Pipeline[int], operation: Flaky) -> None:
    try:
        way(policy, operation)
    except (ConnectionError, RetryExhausted):
        pass
    else:
        pytest.fail("it should have failed")


@every_policy
def test_nothing_is_alive_once_an_answer_is_dropped(policy: Policy[int] | Pipeline[int]) -> None:
    operation = Flaky(9)
    answer = try_execute(policy, operation)
    assert operation.alive() == 1
    del answer
    assert operation.alive() == 0


def test_only_the_last_attempt_lives_with_its_error() -> None:
    operation = Flaky(9)
    with pytest.raises(ConnectionError):
        execute(PLAIN, operation)
    assert operation.alive() <= 1
