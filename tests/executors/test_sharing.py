"""One policy shared by threads and tasks: no state is shared, and no seed."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from mulligan import Policy, attempts, constant, execute, execute_async, no_delay, retry
from mulligan.seed import fresh_seed
from mulligan.testing import run_virtual, virtual_time

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICY: Policy[int] = Policy(retry_on=ConnectionError, schedule=no_delay(), max_attempts=4, timeout=3600)


@pytest.fixture
def _switching_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


class Flaky:
    """Fails three times, then answers how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls < 4:
            raise ConnectionError
        return self.calls


@pytest.mark.usefixtures("_switching_often")
def test_threads_hammer_one_policy() -> None:
    decorated_calls = threading.local()

    @retry(POLICY.replace(timeout=None))
    def decorated() -> int:
        operation: Flaky = decorated_calls.operation
        return operation()

    wrong: list[object] = []

    def hammer() -> None:
        for _ in range(100):
            decorated_calls.operation = Flaky()
            results = [execute(POLICY, Flaky()), decorated()]
            for attempt in attempts(POLICY):
                with attempt:
                    results.append(attempt.accept(decorated_calls.operation.calls))
            if results != [4, 4, 4]:
                wrong.append(results)

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_tasks_share_one_policy() -> None:
    async def one() -> int:
        operation = Flaky()

        async def call() -> int:
            await asyncio.sleep(1)
            return operation()

        return await execute_async(POLICY, call)

    async def main() -> list[int]:
        return await asyncio.gather(*(one() for _ in range(50)))

    assert run_virtual(main) == [4] * 50


def test_virtual_time_of_one_thread_leaves_the_others_alone() -> None:
    done: list[tuple[int, list[float]]] = []

    def other() -> None:
        with virtual_time() as own:
            done.append((execute(POLICY.replace(schedule=constant(60)), Flaky()), own.sleeps))

    with virtual_time() as clock:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert clock.sleeps == []
    ((value, slept),) = done
    assert value == 4
    assert slept == [60.0] * 3


def test_seeds_are_never_shared() -> None:
    seeds = [fresh_seed() for _ in range(1000)]
    assert len(set(seeds)) == 1000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_processes_share_no_seeds() -> None:
    """Workers forked from one parent would otherwise retry in step."""
    fresh_seed()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(fresh_seed()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert abs(int(os.read(reader, 100)) - fresh_seed()) > 1000
    os.close(reader)
    os.close(writer)
