"""No count is lost or doubled: 16 threads, 1,000 tasks, asyncio and trio, every listener at once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import trio
from prometheus_client import CollectorRegistry

from mulligan import Policy, attempts, execute, execute_async, no_delay, retry, try_execute
from mulligan.observe import Logging, Prometheus, use
from tests.observe.recording import Recorder
from tests.observe.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

POLICY: Policy[int] = Policy(name="shared", retry_on=ConnectionError, schedule=no_delay(), max_attempts=3, note=False)
THREADS, EACH, TASKS = 16, 150, 1000


class Counting:
    """Operations that fail as often as their number says, and what they did."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.attempts: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    def expect(self, number: int) -> int:
        """Note what the call with this number will do; answer its failures."""
        failures = number % 5
        made = min(failures + 1, 3)
        kind = "failed" if failures >= 3 else "successful"
        with self.lock:
            self.attempts["transient"] += made if kind == "failed" else failures
            self.attempts["accepted"] += kind == "successful"
            self.calls[f"{kind}_{'with' if made > 1 else 'without'}_retry"] += 1
        return failures

    def operation(self, number: int) -> Callable[[], int]:
        left = [self.expect(number)]

        def operation() -> int:
            left[0] -= 1
            if left[0] >= 0:
                raise ConnectionError
            return number

        return operation

    @property
    def retries(self) -> int:
        return self.attempts.total() - self.calls.total()

    @property
    def exhausted(self) -> int:
        return self.calls["failed_with_retry"]


class Records(logging.Handler):
    """Counts records by what they tell."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.counts[vars(record)["mulligan_event"]] += 1


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def listeners(counting: Counting) -> Iterator[None]:
    """Let every listener hear what happens, and hold what they count against what did happen."""
    registry, telemetry, heard, records = CollectorRegistry(), Telemetry(), Recorder(), Records()
    logger = logging.getLogger("tests.counts")
    logger.propagate = False
    logger.addHandler(records)
    with use(Prometheus(registry), telemetry.listener, Logging(logger="tests.counts"), heard):
        yield
    logger.removeHandler(records)
    heard.check()
    for outcome, count in counting.attempts.items():
        labels = {"policy": "shared", "outcome": outcome}
        assert registry.get_sample_value("mulligan_attempts_total", labels) == count
    for kind, count in counting.calls.items():
        assert registry.get_sample_value("mulligan_calls_total", {"policy": "shared", "kind": kind}) == count
    assert telemetry.points("mulligan.attempts") == {("shared", key): count for key, count in counting.attempts.items()}
    assert telemetry.points("mulligan.calls") == {("shared", key): count for key, count in counting.calls.items()}
    assert len(telemetry.spans("mulligan.attempt")) == counting.attempts.total()
    assert len(telemetry.spans("mulligan.call")) == counting.calls.total()
    assert records.counts == {"mulligan.retry": counting.retries, "mulligan.exhausted": counting.exhausted}


def by_block(operation: Callable[[], int]) -> None:
    for attempt in attempts(POLICY):
        with attempt:
            operation()


WAYS: tuple[Callable[[Callable[[], int]], object], ...] = (
    lambda operation: execute(POLICY, operation),
    lambda operation: retry(POLICY)(operation)(),
    lambda operation: try_execute(POLICY, operation),
    by_block,
)


@pytest.mark.usefixtures("listeners")
def test_16_threads(counting: Counting) -> None:
    barrier = threading.Barrier(THREADS)

    def work(first: int) -> None:
        barrier.wait()
        for number in range(first, first + EACH):
            try:
                WAYS[number % 4](counting.operation(number))
            except ConnectionError:
                continue

    threads = [threading.Thread(target=work, args=(first * EACH,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting.calls.total() == THREADS * EACH


async def call(counting: Counting, number: int, sleep: Callable[[], Awaitable[None]]) -> None:
    operation = counting.operation(number)

    async def asynchronous() -> int:
        await sleep()
        return operation()

    try:
        if number % 3:
            await execute_async(POLICY, asynchronous)
        else:
            async for attempt in attempts(POLICY):
                async with attempt:
                    await asynchronous()
    except ConnectionError:
        return


@pytest.mark.usefixtures("listeners")
def test_1000_tasks_of_asyncio(counting: Counting) -> None:
    async def main() -> None:
        await asyncio.gather(*(call(counting, number, lambda: asyncio.sleep(0)) for number in range(TASKS)))

    asyncio.run(main())
    assert counting.calls.total() == TASKS


@pytest.mark.usefixtures("listeners")
def test_1000_tasks_of_trio(counting: Counting) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for number in range(TASKS):
                nursery.start_soon(call, counting, number, lambda: trio.sleep(0))

    trio.run(main)
    assert counting.calls.total() == TASKS
