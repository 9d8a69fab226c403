"""The attempt timeout is enforced in asynchronous code, and what it raises is judged like any other error."""

from __future__ import annotations

import asyncio

import pytest

from mulligan import AttemptTimeout, Execution, Policy, attempts, constant, execute_async, retry
from mulligan.testing import run_virtual
from tests.executors.worlds import FORMS, Asynchronous, Script, World, every_async_world

LIMITED: Policy[int] = Policy(retry_on=TimeoutError, schedule=constant(1), attempt_timeout=5)


@every_async_world
@pytest.mark.parametrize("form", FORMS[:3])
class TestEveryForm:
    def test_an_attempt_that_takes_too_long_is_interrupted_and_retried(self, world: World, form: str) -> None:
        script = Script((100, 1), (2, 7))
        assert world.run(form, LIMITED, script) == 7
        assert script.times == pytest.approx([0, 6])

    def test_the_last_interruption_is_a_timeout_error(self, world: World, form: str) -> None:
        with pytest.raises(TimeoutError, match=r"attempt 3 took longer than 5\.0 s") as caught:
            world.run(form, LIMITED, Script((100, 1)))
        assert isinstance(caught.value, AttemptTimeout)
        assert caught.value.__context__ is None
        assert caught.value.__notes__[0].endswith("(max_attempts)")

    def test_a_policy_that_does_not_name_it_does_not_retry_it(self, world: World, form: str) -> None:
        script = Script((100, 1))
        with pytest.raises(AttemptTimeout):
            world.run(form, LIMITED.replace(retry_on=ConnectionError), script)
        assert script.calls == 1

    def test_the_operations_own_timeout_error_passes_as_it_is(self, world: World, form: str) -> None:
        own = TimeoutError("own")
        with pytest.raises(TimeoutError, match="own") as caught:
            world.run(form, LIMITED, Script((1, own)))
        assert caught.value is own

    def test_advice_interrupts_nothing(self, world: World, form: str) -> None:
        assert world.run(form, LIMITED.replace(attempt_timeout_mode="advise"), Script((100, 7))) == 7


@every_async_world
def test_it_counts_in_the_blocks_of_async_with(world: Asynchronous) -> None:
    times: list[float] = []

    async def main() -> None:
        async for attempt in attempts(LIMITED):
            async with attempt:
                times.append(world.now())
                await world.sleep(100 if attempt.number == 1 else 1)

    world.start(main)
    assert times == pytest.approx([0, 6])


def test_a_block_raises_the_last_interruption() -> None:
    async def main() -> None:
        async for attempt in attempts(LIMITED.replace(max_attempts=1)):
            async with attempt:
                await asyncio.sleep(100)

    with pytest.raises(AttemptTimeout, match="attempt 1 took longer"):
        run_virtual(main)


def test_async_with_without_a_limit_is_the_same_as_with() -> None:
    async def main() -> list[int]:
        numbers: list[int] = []
        async for attempt in attempts(LIMITED.replace(attempt_timeout=None)):
            async with attempt:
                numbers.append(attempt.number)
                if attempt.number == 1:
                    raise TimeoutError
        return numbers

    assert run_virtual(main) == [1, 2]


def test_cancelling_the_task_is_no_timeout() -> None:
    @retry(LIMITED)
    async def operation() -> int:
        await asyncio.sleep(100)
        return 7

    async def main() -> None:
        task = asyncio.create_task(operation())
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_virtual(main)


def test_the_whole_execution_overruns_by_one_attempt_at_most() -> None:
    async def operation() -> int:
        await asyncio.sleep(4)
        raise TimeoutError

    async def main() -> float:
        with pytest.raises(TimeoutError):
            await execute_async(LIMITED.replace(timeout=8), operation)
        return asyncio.get_running_loop().time()

    assert run_virtual(main) == pytest.approx(9)


@every_async_world
def test_a_stop_token_ends_a_limited_execution(world: World) -> None:
    stop = asyncio.Event()
    execution = Execution(LIMITED, stop=stop, on_retry=lambda event: stop.set())
    script = Script((100, 1))
    with pytest.raises(AttemptTimeout):
        world.run_execution(execution, script)
    assert script.calls == 1
