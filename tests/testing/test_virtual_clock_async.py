"""A virtual clock jumps when everything waits, so a race between tasks has one outcome."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import trio

from mulligan import Policy, constant, execute_async
from mulligan.testing import VirtualClock, raises, returns, script, virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FAST: Policy[object] = Policy(name="fast", retry_on=ConnectionError, schedule=constant(1), max_attempts=9)
SLOW: Policy[object] = Policy(name="slow", retry_on=ConnectionError, schedule=constant(10), max_attempts=9)


def in_asyncio(*operations: Callable[[], Awaitable[object]]) -> None:
    async def main() -> None:
        await asyncio.gather(*(operation() for operation in operations))

    asyncio.run(main())


def in_trio(*operations: Callable[[], Awaitable[object]]) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for operation in operations:
                nursery.start_soon(operation)

    trio.run(main)


RUNNERS = pytest.mark.parametrize("run", [in_asyncio, in_trio])


@RUNNERS
def test_a_race_of_two_retried_operations_has_one_outcome(run: Callable[..., None]) -> None:
    """The slow one starts first and sleeps once; the fast one sleeps three times and is done before it."""
    order: list[tuple[str, float]] = []

    async def attempt(name: str, policy: Policy[object], failures: int) -> None:
        steps = script(*[raises(ConnectionError)] * failures, returns(name))
        await execute_async(policy, steps.as_async)
        order.append((name, clock.monotonic()))

    with virtual_time() as clock:
        run(lambda: attempt("slow", SLOW, 1), lambda: attempt("fast", FAST, 3))
    assert order == [("fast", 3.0), ("slow", 10.0)]
    assert clock.sleeps.count(1.0) == 3


@RUNNERS
def test_a_lost_update_is_found_every_time(run: Callable[..., None]) -> None:
    """Two retried increments that read, wait and write lose one: a real race, and always the same."""
    stored = 0

    async def increment() -> None:
        nonlocal stored
        read = stored
        await clock.sleep_async(5)
        stored = read + 1

    async def retried() -> None:
        await execute_async(FAST, increment)

    with virtual_time() as clock:
        run(retried, retried)
    assert (stored, clock.monotonic()) == (1, 5.0)


@RUNNERS
def test_what_is_ready_runs_before_time_passes(run: Callable[..., None]) -> None:
    seen: list[float] = []

    async def busy() -> None:
        for _ in range(50):
            await (asyncio.sleep(0) if run is in_asyncio else trio.lowlevel.checkpoint())
        seen.append(clock.monotonic())

    async def sleeper() -> None:
        await clock.sleep_async(1)
        seen.append(clock.monotonic())

    with virtual_time() as clock:
        run(sleeper, busy)
    assert seen == [0.0, 1.0]


@RUNNERS
def test_sleepers_of_one_instant_wake_in_the_order_in_which_they_lay_down(run: Callable[..., None]) -> None:
    woken: list[str] = []

    async def sleeper(name: str) -> None:
        await clock.sleep_async(1)
        woken.append(name)

    with virtual_time() as clock:
        run(lambda: sleeper("a"), lambda: sleeper("b"), lambda: sleeper("c"))
    assert sorted(woken) == ["a", "b", "c"]
    assert clock.monotonic() == 1.0


def test_a_cancelled_sleeper_does_not_hold_the_others_up() -> None:
    clock = VirtualClock()

    async def main() -> None:
        cancelled = asyncio.create_task(clock.sleep_async(1))
        other = asyncio.create_task(clock.sleep_async(2))
        await asyncio.sleep(0)
        cancelled.cancel()
        await other

    asyncio.run(main())
    assert clock.monotonic() == 2.0


def test_a_cancelled_trio_sleeper_does_not_hold_the_others_up() -> None:
    clock = VirtualClock()

    async def main() -> None:
        with trio.move_on_after(0):
            await clock.sleep_async(1)
        await clock.sleep_async(2)

    trio.run(main)
    assert clock.monotonic() == 2.0


def test_a_loop_that_hides_its_queue_is_served_too() -> None:
    class Hidden(asyncio.SelectorEventLoop):
        def __getattribute__(self, name: str) -> object:
            if name == "_ready" and self.__dict__.get("hides"):
                return None
            return super().__getattribute__(name)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.gather(clock.sleep_async(2), clock.sleep_async(1))
        assert loop.is_running()

    clock = VirtualClock()
    with asyncio.Runner(loop_factory=Hidden) as runner:
        runner.run(main())
    assert clock.monotonic() == 2.0
