"""Virtual time passes by sleeping alone, for its own context, in sync code and asyncio."""

from __future__ import annotations

import asyncio
import contextvars
import time

import pytest

from mulligan import Execution, Failed, Policy, clock, constant, execute, try_execute_async
from mulligan.clock import SystemClock
from mulligan.testing import VirtualClock, run_virtual, virtual_time

POLICY: Policy[int] = Policy(retry_on=ValueError, schedule=constant(60))


class TestClock:
    def test_sleeping_is_remembered(self) -> None:
        virtual = VirtualClock(start=5)
        virtual.sleep(1.5)
        virtual.advance(1)
        assert (virtual.monotonic(), virtual.sleeps) == (7.5, [1.5])

    def test_timers_are_called_in_order_when_time_gets_there(self) -> None:
        virtual = VirtualClock()
        seen: list[tuple[str, float]] = []
        virtual.call_at(3, lambda: seen.append(("later", virtual.monotonic())))
        virtual.call_at(1, lambda: seen.append(("sooner", virtual.monotonic())))
        virtual.call_at(9, lambda: seen.append(("never", virtual.monotonic())))
        virtual.sleep(5)
        assert seen == [("sooner", 1.0), ("later", 3.0)]

    def test_a_timer_may_set_another_one(self) -> None:
        virtual = VirtualClock()
        seen: list[float] = []

        def tick() -> None:
            seen.append(virtual.monotonic())
            virtual.call_at(virtual.monotonic() + 1, tick)

        virtual.call_at(1, tick)
        virtual.sleep(3.5)
        assert (seen, virtual.monotonic()) == ([1.0, 2.0, 3.0], 3.5)

    def test_a_timer_may_let_time_pass(self) -> None:
        virtual = VirtualClock()
        seen: list[float] = []
        virtual.call_at(1, lambda: virtual.advance(5))
        virtual.call_at(2, lambda: seen.append(virtual.monotonic()))
        virtual.sleep(3)
        assert (seen, virtual.monotonic()) == ([2.0], 6.0)

    def test_other_tasks_run_while_it_sleeps(self) -> None:
        virtual = VirtualClock()
        order: list[str] = []

        async def sleeper() -> None:
            order.append("before")
            await virtual.sleep_async(60)
            order.append("after")

        async def other() -> None:
            order.append("other")

        async def main() -> None:
            await asyncio.gather(sleeper(), other())

        asyncio.run(main())
        assert order == ["before", "other", "after"]

    def test_it_is_a_clock_for_an_execution(self) -> None:
        virtual = VirtualClock()
        answer = asyncio.run(Execution(POLICY, clock=virtual).try_run_async(failing))
        assert isinstance(answer, Failed)
        assert (virtual.sleeps, answer.elapsed) == ([60.0, 60.0], 120.0)


async def failing() -> int:
    raise ValueError


def installed_clock() -> object:
    return clock.installed


class TestScope:
    def test_it_takes_the_systems_place_and_gives_it_back(self) -> None:
        assert installed_clock() is None
        with virtual_time(), virtual_time():
            assert installed_clock() is not None
        assert installed_clock() is None

    def test_it_gives_the_systems_place_back_after_an_error(self) -> None:
        with pytest.raises(LookupError), virtual_time():
            raise LookupError
        assert installed_clock() is None

    def test_the_innermost_clock_counts(self) -> None:
        with virtual_time() as outer:
            with virtual_time() as inner, pytest.raises(ValueError, match="invalid literal"):
                execute(POLICY, int, "x")
            assert (outer.sleeps, inner.sleeps) == ([], [60.0, 60.0])

    def test_a_clock_of_ones_own_is_installed(self) -> None:
        mine = VirtualClock(start=100)
        with virtual_time(mine) as installed:
            assert installed is mine

    def test_asyncio_executions_sleep_on_it(self) -> None:
        with virtual_time() as virtual:
            answer = asyncio.run(try_execute_async(POLICY, failing))
        assert isinstance(answer, Failed)
        assert virtual.sleeps == [60.0, 60.0]

    def test_other_contexts_keep_the_systems_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        outside = contextvars.copy_context()
        slept: list[float] = []
        monkeypatch.setattr("time.sleep", slept.append)

        def run() -> None:
            with pytest.raises(ValueError, match="invalid literal"):
                execute(POLICY.replace(timeout=999), int, "x")

        with virtual_time() as virtual:
            outside.run(run)
        assert (virtual.sleeps, slept) == ([], [60.0, 60.0])

    def test_other_tasks_keep_their_loops_time(self) -> None:
        outside = contextvars.copy_context()

        async def main() -> float:
            with virtual_time() as virtual:
                await asyncio.create_task(try_execute_async(POLICY, failing), context=outside)
                assert virtual.sleeps == []
            return asyncio.get_running_loop().time()

        assert run_virtual(main) == pytest.approx(120)


class TestSystemClock:
    def test_it_asks_the_time_module_when_it_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slept: list[float] = []
        monkeypatch.setattr("time.sleep", slept.append)
        monkeypatch.setattr("time.monotonic", lambda: 7.0)
        system = SystemClock()
        system.sleep(3)
        assert (system.monotonic(), slept) == (7.0, [3])

    def test_its_async_sleep_is_the_loops(self) -> None:
        async def main() -> float:
            await SystemClock().sleep_async(60)
            return asyncio.get_running_loop().time()

        assert run_virtual(main) == pytest.approx(60)


class TestLoop:
    def test_arguments_are_passed_and_the_answer_comes_back(self) -> None:
        async def add(one: int, *, other: int) -> int:
            await asyncio.sleep(3600)
            return one + other

        assert run_virtual(add, 1, other=2) == 3

    def test_timers_run_in_order(self) -> None:
        async def nap(seconds: float, order: list[float]) -> None:
            await asyncio.sleep(seconds)
            order.append(seconds)

        async def main() -> list[float]:
            order: list[float] = []
            await asyncio.gather(*(nap(seconds, order) for seconds in (3, 1, 2)))
            return order

        assert run_virtual(main) == [1, 2, 3]

    def test_a_thread_can_wake_it_up(self) -> None:
        async def main() -> int:
            return await asyncio.to_thread(lambda: 7)

        assert run_virtual(main) == 7

    def test_a_socket_that_is_ready_comes_before_a_timer(self) -> None:
        async def main() -> bytes:
            import socket

            loop = asyncio.get_running_loop()
            near, far = socket.socketpair()
            with near, far:
                near.setblocking(False)
                far.send(b"x")
                async with asyncio.timeout(60):
                    return await loop.sock_recv(near, 1)

        assert run_virtual(main) == b"x"


class TestForeignCode:
    """Code that isn't mulligan's goes by the clock too, where it is asked for."""

    def test_it_sleeps_in_virtual_time(self) -> None:
        with virtual_time(foreign=True) as virtual:
            before = time.monotonic(), time.time()
            time.sleep(3600)
            after = time.monotonic(), time.time()
        assert after[0] - before[0] == 3600.0
        assert after[1] - before[1] == pytest.approx(3600.0)
        assert virtual.sleeps == [3600]

    def test_mulligan_sleeps_on_the_same_clock(self) -> None:
        with virtual_time(foreign=True) as virtual, pytest.raises(ValueError, match="invalid literal"):
            time.sleep(5)
            execute(POLICY, int, "x")
        assert (virtual.sleeps, virtual.monotonic()) == ([5, 60.0, 60.0], 125.0)

    def test_a_negative_sleep_is_refused_as_ever(self) -> None:
        with virtual_time(foreign=True), pytest.raises(ValueError, match=r"^sleep length must be non-negative$"):
            time.sleep(-1)

    def test_other_contexts_keep_the_systems_time(self) -> None:
        outside = contextvars.copy_context()
        with virtual_time(foreign=True) as virtual:
            virtual.advance(1_000_000_000)
            assert outside.run(time.monotonic) < 1_000_000_000
            assert outside.run(time.time) < time.time() - 999_999_999
            outside.run(time.sleep, 0)
        assert virtual.sleeps == []

    def test_the_module_is_given_back(self) -> None:
        before = time.sleep, time.monotonic, time.time
        with virtual_time(foreign=True), virtual_time(foreign=True):
            assert time.sleep is not before[0]
        assert (time.sleep, time.monotonic, time.time) == before

    def test_it_is_not_taken_over_unasked(self) -> None:
        before = time.sleep
        with virtual_time():
            assert time.sleep is before
