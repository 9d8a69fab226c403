"""One guard for many: threads, event loops and both at once, and no lock while an operation runs."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import trio

from mulligan import Pipeline, execute, execute_async, no_delay, try_execute
from mulligan.errors import BreakerOpen
from mulligan.guards import (
    AdaptiveThrottle,
    Budget,
    CircuitBreaker,
    FailureRate,
    Status,
    consecutive,
    count_window,
    deposit,
    quota,
    time_window,
)
from tests.guards.machines import ONCE, down, up, window_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mulligan.guards import Threshold

THREADS = 16
TWICE = ONCE.replace(max_attempts=2, schedule=no_delay())


@pytest.fixture(autouse=True)
def switching() -> Iterator[None]:
    """Let threads switch as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def hammer(task: Callable[[int], object]) -> list[object]:
    """Do it in all threads at once."""
    ready = threading.Barrier(THREADS)

    def started(number: int) -> object:
        ready.wait()
        return task(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


def failing_calls(pipeline: Pipeline[int]) -> int:
    """Execute what fails, 50 times in each thread; answer how often it was called."""
    calls = [0] * THREADS

    def task(number: int) -> None:
        def counted() -> int:
            calls[number] += 1
            return down()

        for _ in range(50):
            try_execute(pipeline, counted)

    hammer(task)
    return sum(calls)


def test_sixteen_threads_lose_no_count() -> None:
    breaker = CircuitBreaker("b", time_window(3600, failure_rate=1.0, minimum=10**6))
    pipeline = Pipeline(ONCE, guards=[breaker])

    def task(number: int) -> None:
        for turn in range(100):
            try_execute(pipeline, down if turn % 2 else up)

    hammer(task)
    window = window_of(breaker)
    assert (sum(window[1::3]), sum(window[2::3])) == (THREADS * 100, THREADS * 50)


@pytest.mark.parametrize("threshold", [consecutive(3), count_window(10, minimum=3), time_window(minimum=3)])
def test_sixteen_threads_open_it_once(threshold: Threshold) -> None:
    breaker = CircuitBreaker("b", threshold, open_for=3600)
    pipeline = Pipeline(ONCE, guards=[breaker])
    calls = failing_calls(pipeline)
    assert breaker.status() is Status.OPEN
    assert 3 <= calls <= 3 + THREADS


def test_sixteen_threads_get_exactly_the_permitted_probes() -> None:
    breaker = CircuitBreaker("b", consecutive(1), open_for=0.01, permits=3)
    pipeline = Pipeline(ONCE, guards=[breaker])
    try_execute(pipeline, down)
    threading.Event().wait(0.05)
    heard = threading.Semaphore(0)
    end = threading.Event()
    entered: list[int] = []

    def task(number: int) -> None:
        def probe() -> int:
            entered.append(number)
            heard.release()
            end.wait(30)
            return 7

        try:
            execute(pipeline, probe)
        except BreakerOpen:
            heard.release()

    threads = [threading.Thread(target=task, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for _ in range(THREADS):
        assert heard.acquire(timeout=30)
    assert len(entered) == 3
    assert breaker.status() is Status.HALF_OPEN
    end.set()
    for thread in threads:
        thread.join()
    assert breaker.status() is Status.CLOSED


def test_sixteen_threads_spend_no_more_than_there_is() -> None:
    budget = Budget("b", quota(capacity=100, cost=1, credit=0))
    pipeline = Pipeline(TWICE, guards=[budget])
    assert failing_calls(pipeline) == THREADS * 50 + 100
    assert budget.level() == 0


def test_sixteen_threads_pass_quiet_guards_by_and_still_lose_nothing() -> None:
    """Successes and failures in turn, over the shortcut: after the last success in each thread, nothing is left."""
    breaker, budget = CircuitBreaker("b", consecutive(10**6)), Budget("b", quota(capacity=10**6, credit=0))
    pipeline = Pipeline(TWICE, guards=[breaker, budget])

    def task(number: int) -> int:
        failed = 0
        for turn in range(200):
            answer = try_execute(pipeline, down if turn % 3 else up)
            failed += answer.attempts == 2
            execute(pipeline, up)
        return failed

    retries = sum(int(str(found)) for found in hammer(task))
    assert budget.level() == 10**6 - 14 * retries
    assert breaker.status() is Status.CLOSED
    execute(pipeline, up)
    assert window_of(breaker) == (0,)


def test_many_dependencies_are_met_by_many_threads() -> None:
    breaker = CircuitBreaker("b", consecutive(1), key=_first, max_keys=50)
    pipeline = Pipeline(ONCE, guards=[breaker])

    def task(number: int) -> None:
        for turn in range(100):
            assert execute(pipeline, _last, number * 100 + turn) == 7

    hammer(task)
    assert len(breaker._cells) <= 50 + THREADS  # pyright: ignore[reportPrivateUsage] - what is remembered is bounded


def test_no_lock_is_held_while_an_operation_runs() -> None:
    """While one attempt hangs in its operation, others of the same guards begin and end."""
    guards = (
        CircuitBreaker("b", time_window()),
        Budget("b", deposit()),
        AdaptiveThrottle("t"),
        FailureRate("r"),
        CircuitBreaker("c", consecutive(5)),
    )
    pipeline = Pipeline(ONCE, guards=guards)
    inside, end = threading.Event(), threading.Event()

    def hanging() -> int:
        inside.set()
        assert end.wait(30)
        return 7

    thread = threading.Thread(target=lambda: execute(pipeline, hanging))
    thread.start()
    assert inside.wait(30)
    for _ in range(10):
        assert execute(pipeline, up) == 7
    end.set()
    thread.join()


def test_threads_asyncio_and_trio_share_one_breaker() -> None:
    breaker = CircuitBreaker("b", consecutive(3), open_for=3600)
    pipeline = Pipeline(ONCE, guards=[breaker])

    async def adown() -> int:
        raise ConnectionError("down")

    async def fail() -> None:
        with pytest.raises(ConnectionError):
            await execute_async(pipeline, adown)

    async def refused() -> None:
        with pytest.raises(BreakerOpen) as caught:
            await execute_async(pipeline, adown)
        assert 3590 < (caught.value.retry_after or 0) <= 3600

    try_execute(pipeline, down)
    asyncio.run(fail())
    assert breaker.status() is Status.CLOSED
    trio.run(fail)
    assert breaker.status() is Status.OPEN
    asyncio.run(refused())
    trio.run(refused)
    with pytest.raises(BreakerOpen):
        execute(pipeline, up)


def test_tasks_of_one_loop_share_a_budget() -> None:
    budget = Budget("b", quota(capacity=70, credit=0))
    pipeline = Pipeline(TWICE, guards=[budget])
    calls = 0

    async def adown() -> int:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        raise ConnectionError("down")

    async def main() -> None:
        await asyncio.gather(*[execute_async(pipeline, adown) for _ in range(20)], return_exceptions=True)

    asyncio.run(main())
    assert calls == 20 + 5


def _first(number: int) -> str:
    return str(number)


def _last(number: int) -> int:
    return 7
