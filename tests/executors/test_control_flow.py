"""Control flow is never retried and never swallowed, unless `retry_on` names it."""

from __future__ import annotations

import asyncio

import pytest
import trio
import trio.testing

from mulligan import Execution, Policy, constant, execute, execute_async
from mulligan.classify import TRANSIENT
from mulligan.testing import run_virtual, virtual_time
from tests.executors.worlds import WORLDS, Script, World, every_form, every_world

CONTROL = [KeyboardInterrupt(), SystemExit(3), GeneratorExit(), asyncio.CancelledError()]
GREEDY: list[Policy[int]] = [
    Policy(retry_on=BaseException, schedule=constant(1)),
    Policy(retry_on=(Exception, BaseException), schedule=constant(1)),
    Policy(retry_on=lambda error: True, schedule=constant(1)),
    Policy(classify=lambda outcome: TRANSIENT, schedule=constant(1)),
    Policy(retry_on=BaseException, schedule=constant(1), timeout=60),
]


@every_world
@every_form
@pytest.mark.parametrize("policy", GREEDY)
@pytest.mark.parametrize("error", CONTROL[2:], ids=lambda error: type(error).__name__)
def test_control_flow_passes_after_one_attempt(
    world: World, form: str, policy: Policy[int], error: BaseException
) -> None:
    script = Script(error)
    with pytest.raises(BaseException) as caught:
        world.run(form, policy, script)
    assert type(caught.value) is type(error)
    assert script.calls == 1


@every_form
@pytest.mark.parametrize("policy", GREEDY)
@pytest.mark.parametrize("error", CONTROL, ids=lambda error: type(error).__name__)
def test_control_flow_passes_in_synchronous_code(form: str, policy: Policy[int], error: BaseException) -> None:
    """An event loop stops at `KeyboardInterrupt` and `SystemExit` by itself, so these are tried without one."""
    script = Script(error)
    with pytest.raises(type(error)) as caught:
        WORLDS[0].run(form, policy, script)
    assert caught.value is error
    assert script.calls == 1


@every_world
def test_answers_do_not_swallow_control_flow(world: World) -> None:
    with pytest.raises(GeneratorExit):
        world.answer(Execution(GREEDY[0]), Script(GeneratorExit()))


def test_control_flow_that_is_named_is_retried() -> None:
    script = Script(KeyboardInterrupt(), 7)
    policy: Policy[int] = Policy(retry_on=KeyboardInterrupt, schedule=constant(1))
    assert WORLDS[0].run("function", policy, script) == 7


def test_a_cancelled_error_that_is_named_is_retried() -> None:
    script = Script(asyncio.CancelledError(), 7)
    policy: Policy[int] = Policy(retry_on=asyncio.CancelledError, schedule=constant(1))
    assert WORLDS[1].run("function", policy, script) == 7


@pytest.mark.parametrize("policy", GREEDY)
def test_cancelling_an_asyncio_task_in_an_attempt_cancels_it(policy: Policy[object]) -> None:
    calls: list[int] = []

    async def operation() -> None:
        calls.append(1)
        await asyncio.sleep(100)

    async def main() -> None:
        task = asyncio.create_task(execute_async(policy, operation))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_virtual(main)
    assert calls == [1]


def test_cancelling_an_asyncio_task_in_a_sleep_cancels_it() -> None:
    async def main() -> None:
        policy = Policy(retry_on=ConnectionError, schedule=constant(100))
        task = asyncio.create_task(execute_async(policy, broken))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_virtual(main)


def unreachable() -> None:
    raise ConnectionError


async def broken() -> None:
    raise ConnectionError


@pytest.mark.parametrize("policy", GREEDY)
def test_cancelling_a_trio_scope_cancels_the_attempt(policy: Policy[object]) -> None:
    calls: list[int] = []

    async def operation() -> None:
        calls.append(1)
        await trio.sleep(100)

    async def main() -> bool:
        with trio.move_on_after(1) as scope:
            await execute_async(policy, operation)
        return scope.cancelled_caught

    assert trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))
    assert calls == [1]


def test_an_interrupt_in_a_sleep_ends_the_execution() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with virtual_time() as clock, pytest.raises(KeyboardInterrupt):
        clock.call_at(5, interrupt)
        execute(Policy(retry_on=ConnectionError, schedule=constant(60)), unreachable)
    assert (clock.sleeps, clock.monotonic()) == ([60.0], 5.0)


def test_time_sleep_is_looked_up_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that patches `time.sleep`, or gevent's monkey-patching, takes effect."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)

    with pytest.raises(ConnectionError):
        execute(Policy(retry_on=ConnectionError, schedule=constant(5)), unreachable)
    assert slept == [5.0, 5.0]


def test_virtual_time_is_for_its_own_context_alone() -> None:
    with virtual_time() as outer, virtual_time() as inner:
        inner.advance(1)
    assert outer.monotonic() == 0.0
