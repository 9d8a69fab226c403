"""What belongs to one call: observer, stop token, state, seed and clock."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from itertools import islice
from typing import TYPE_CHECKING

import pytest
import trio

from mulligan import (
    ConfigError,
    Execution,
    Failed,
    Pipeline,
    Policy,
    Reason,
    Rejected,
    RetryExhausted,
    constant,
    exponential,
    full_jitter,
    retry,
)
from mulligan.decision import State
from mulligan.events import Finished
from mulligan.testing import VirtualClock, run_virtual, virtual_time
from tests.executors.worlds import WORLDS, Script, World, every_async_world, every_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.events import Event, Retrying

every_token = pytest.mark.parametrize(
    "token", [threading.Event, asyncio.Event, trio.Event], ids=["threading", "asyncio", "trio"]
)
OFTEN: Policy[int] = Policy(retry_on=ConnectionError, schedule=exponential(1), max_attempts=4, name="shop")
JITTERED: Policy[int] = OFTEN.replace(schedule=exponential(1).jittered(full_jitter()), max_attempts=9)


class TestOnRetry:
    @every_world
    def test_it_is_called_in_the_handler_of_the_error_before_the_sleep(self, world: World) -> None:
        seen: list[tuple[int, float, BaseException | None, bool, int]] = []
        script = Script((2, ConnectionError()), ConnectionError(), 7)

        def on_retry(event: Retrying) -> None:
            handled = sys.exc_info()[1] is event.error
            seen.append((event.attempt, event.delay, event.error, handled, script.calls))
            assert event.elapsed == pytest.approx(2 if event.attempt == 1 else 3)

        assert world.run_execution(Execution(OFTEN, on_retry=on_retry), script) == 7
        assert [(attempt, delay, handled, calls) for attempt, delay, _, handled, calls in seen] == [
            (1, 1.0, True, 1),
            (2, 2.0, True, 2),
        ]

    @every_world
    def test_it_is_called_in_blocks_too(self, world: World) -> None:
        seen: list[bool] = []
        execution = Execution(OFTEN, on_retry=lambda event: seen.append(sys.exc_info()[1] is event.error))
        assert world.run_block(execution, Script(ConnectionError(), 7)) == 7
        assert seen == [True]

    @every_world
    def test_it_is_not_called_when_nothing_is_retried(self, world: World) -> None:
        seen: list[Retrying] = []
        with pytest.raises(ConnectionError):
            world.run_execution(
                Execution(OFTEN.replace(max_attempts=1), on_retry=seen.append), Script(ConnectionError())
            )
        assert seen == []

    @every_world
    def test_what_it_raises_is_raised(self, world: World) -> None:
        def on_retry(event: Retrying) -> None:
            raise LookupError("observer")

        error = ConnectionError()
        with pytest.raises(LookupError, match="observer") as caught:
            world.run_execution(Execution(OFTEN, on_retry=on_retry), Script(error))
        assert caught.value.__context__ is error

    @every_world
    def test_it_sees_a_value_that_is_not_accepted(self, world: World) -> None:
        seen: list[object] = []
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1))
        world.run_execution(
            Execution(policy, on_retry=lambda event: seen.append((event.value, event.error))), Script(-1, 7)
        )
        assert seen == [(-1, None)]

    @every_async_world
    def test_it_may_be_async_in_asynchronous_code(self, world: World) -> None:
        seen: list[int] = []

        async def on_retry(event: Retrying) -> None:
            seen.append(event.attempt)

        assert world.run_execution(Execution(OFTEN, on_retry=on_retry), Script(ConnectionError(), 7)) == 7
        assert seen == [1]

    def test_async_in_synchronous_code_is_a_type_error_with_the_operations_error_as_its_cause(self) -> None:
        async def on_retry(event: Retrying) -> None: ...

        error = ConnectionError()
        with pytest.raises(TypeError, match="on_retry") as caught:
            WORLDS[0].run_execution(Execution(OFTEN, on_retry=on_retry), Script(error))
        assert caught.value.__cause__ is error


class TestStop:
    @every_token
    @every_world
    def test_a_token_that_is_set_already_refuses_the_first_attempt(
        self, world: World, token: type[threading.Event | asyncio.Event | trio.Event]
    ) -> None:
        stop = token()
        stop.set()
        script = Script(7)
        with pytest.raises(Rejected, match="the stop token"):
            world.run_execution(Execution(OFTEN, stop=stop), script)
        assert script.calls == 0

    @every_token
    @every_world
    def test_a_token_set_by_the_attempt_ends_the_execution_with_its_error(
        self, world: World, token: type[threading.Event | asyncio.Event | trio.Event]
    ) -> None:
        stop = token()
        error = ConnectionError()
        script = Script(error)

        def predicate(_: Exception) -> bool:
            stop.set()
            return True

        execution = Execution(OFTEN.replace(retry_on=predicate), stop=stop)
        with pytest.raises(ConnectionError) as caught:
            world.run_execution(execution, script)
        assert caught.value is error
        assert script.calls == 1
        assert "(stopped)" in caught.value.__notes__[0]

    @every_world
    @pytest.mark.parametrize("made", [0, 2], ids=["begun here", "resumed"])
    def test_an_attempt_that_is_refused_was_not_made(self, world: World, made: int) -> None:
        stop = threading.Event()
        stop.set()
        seen: list[Event] = []
        execution = Execution(Pipeline(OFTEN, listeners=[seen.append]), stop=stop, resume=State(attempt=made + 1))
        answer = world.answer(execution, Script(7))
        assert isinstance(answer, Failed)
        assert [answer.attempts, *(event.attempts for event in seen if isinstance(event, Finished))] == [made, made]
        assert world.answer(Execution(OFTEN, stop=stop), Script(7)).attempts == 0

    def test_a_token_set_during_the_sleep_ends_the_execution_soon(self) -> None:
        stop = threading.Event()
        clock = VirtualClock()
        clock.call_at(30, stop.set)
        script = Script(ConnectionError("down"))
        execution = Execution(OFTEN.replace(schedule=constant(3600)), stop=stop, clock=clock)
        with pytest.raises(ConnectionError, match="down"):
            execution.run(lambda: raise_(script, clock))
        assert script.calls == 1
        assert clock.monotonic() == pytest.approx(30, abs=0.2)

    def test_a_threading_event_wakes_a_real_sleep_at_once(self) -> None:
        stop = threading.Event()

        def operation() -> int:
            threading.Timer(0.01, stop.set).start()
            raise ConnectionError("down")

        with pytest.raises(ConnectionError, match="down"):
            Execution(OFTEN.replace(schedule=constant(3600)), stop=stop).run(operation)

    def test_an_asyncio_event_set_during_the_sleep_ends_the_execution_soon(self) -> None:
        async def main() -> float:
            stop = asyncio.Event()
            asyncio.get_running_loop().call_later(30, stop.set)
            execution = Execution(OFTEN.replace(schedule=constant(3600)), stop=stop)
            answer = await execution.try_run_async(broken)
            assert isinstance(answer, Failed)
            assert answer.reason is Reason.STOPPED
            assert answer.attempts == 1
            return asyncio.get_running_loop().time()

        assert run_virtual(main) == pytest.approx(30, abs=0.2)

    @every_world
    def test_a_block_ends_as_well(self, world: World) -> None:
        stop = threading.Event()
        error = ConnectionError("down")
        script = Script(error)
        execution = Execution(OFTEN, stop=stop, on_retry=lambda event: stop.set())
        with pytest.raises(ConnectionError) as caught:
            world.run_block(execution, script)
        assert caught.value is error
        assert script.calls == 1

    @every_world
    def test_on_values_the_last_one_decides(self, world: World) -> None:
        stop = threading.Event()
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1), on_exhausted="return")
        execution = Execution(policy, stop=stop, on_retry=lambda event: stop.set())
        assert world.run_execution(execution, Script(-1)) == -1
        assert world.run_block(Execution(policy, stop=threading.Event()), Script(-1, 7)) == 7

    def test_a_token_set_during_the_sleep_of_a_block_ends_it_soon(self) -> None:
        stop = threading.Event()
        clock = VirtualClock()
        clock.call_at(30, stop.set)
        numbers: list[int] = []
        with pytest.raises(ConnectionError, match="down") as caught:
            for attempt in Execution(OFTEN.replace(schedule=constant(3600)), stop=stop, clock=clock).attempts():
                with attempt:
                    numbers.append(attempt.number)
                    raise ConnectionError("down")
        assert numbers == [1]
        assert clock.monotonic() == pytest.approx(30, abs=0.2)
        assert "(stopped)" in caught.value.__notes__[0]

    @every_world
    @pytest.mark.parametrize("mode", ["raise", "return"])
    def test_a_block_that_is_stopped_on_a_value_ends_as_the_policy_says(self, world: World, mode: str) -> None:
        stop = threading.Event()
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1))
        policy = policy.replace(on_exhausted="return") if mode == "return" else policy
        script = Script(-1)
        execution = Execution(policy, stop=stop, on_retry=lambda event: stop.set())
        if mode == "return":
            assert world.run_block(execution, script) == -1
        else:
            with pytest.raises(RetryExhausted):
                world.run_block(execution, script)
        assert script.calls == 1

    def test_a_token_refuses_the_first_block(self) -> None:
        stop = threading.Event()
        stop.set()
        with pytest.raises(Rejected):
            next(iter(Execution(OFTEN, stop=stop).attempts()))

    @every_async_world
    def test_what_an_async_observer_raises_is_raised_from_answers_too(self, world: World) -> None:
        async def on_retry(event: Retrying) -> None:
            raise LookupError("observer")

        with pytest.raises(LookupError, match="observer"):
            world.answer(Execution(OFTEN, on_retry=on_retry), Script(ConnectionError()))

    def test_a_token_that_stays_unset_changes_nothing(self) -> None:
        with virtual_time() as clock:
            execution = Execution(OFTEN, stop=threading.Event())
            script = Script(ConnectionError(), 7)
            assert execution.run(lambda: raise_(script, clock)) == 7
        assert clock.monotonic() == pytest.approx(1)


def raise_(script: Script, clock: VirtualClock) -> int:
    _, step = script.next(clock.monotonic())
    if isinstance(step, BaseException):
        raise step
    return step


async def broken() -> int:
    raise ConnectionError


class TestSeedAndState:
    @every_world
    def test_the_seed_fixes_the_delays(self, world: World) -> None:
        script = Script(ConnectionError())
        with pytest.raises(ConnectionError):
            world.run_execution(Execution(JITTERED, seed=7), script)
        delays = [later - sooner for sooner, later in zip(script.times, script.times[1:], strict=False)]
        assert delays == pytest.approx(list(islice(exponential(1).jittered(full_jitter()).delays(seed=7), 8)))

    @every_world
    def test_without_a_seed_two_executions_differ(self, world: World) -> None:
        scripts = Script(ConnectionError()), Script(ConnectionError())
        for script in scripts:
            with pytest.raises(ConnectionError):
                world.run_execution(Execution(JITTERED), script)
        assert scripts[0].times != scripts[1].times

    @every_world
    def test_a_stored_state_goes_on_where_it_stood(self, world: World) -> None:
        whole = Script(ConnectionError())
        with pytest.raises(ConnectionError):
            world.run_execution(Execution(JITTERED, seed=7), whole)
        stored: list[str] = []

        def store(event: Retrying) -> None:
            if event.attempt == 3:
                stored.append(json.dumps(event.state.as_dict()))

        with pytest.raises(ConnectionError):
            world.run_execution(Execution(JITTERED, seed=7, on_retry=store), Script(ConnectionError()))
        rest = Script(ConnectionError())
        state = State(**json.loads(stored[0]))
        with pytest.raises(ConnectionError) as caught:
            world.run_execution(Execution(JITTERED, resume=state), rest)
        assert [time + state.elapsed for time in rest.times] == pytest.approx(whole.times[3:])
        assert "after 9 attempts" in caught.value.__notes__[0]

    def test_a_resumed_execution_keeps_its_timeout(self) -> None:
        state = State(attempt=2, elapsed=29.5, seed=7)
        script = Script(ConnectionError())
        with pytest.raises(ConnectionError):
            WORLDS[0].run_execution(Execution(OFTEN.replace(timeout=30), resume=state), script)
        assert script.calls == 1

    def test_an_execution_may_be_run_again(self) -> None:
        execution = Execution(OFTEN, seed=7)
        assert [WORLDS[0].run_execution(execution, Script(ConnectionError(), 7)) for _ in range(2)] == [7, 7]


def test_a_clock_of_its_own_is_the_only_one_it_looks_at() -> None:
    own = VirtualClock()
    with virtual_time() as installed:
        result = Execution(OFTEN.replace(retry_on=ValueError), clock=own).try_run(int, "x")
    assert isinstance(result, Failed)
    assert (own.sleeps, result.elapsed) == ([1.0, 2.0, 4.0], 7.0)
    assert (installed.sleeps, installed.monotonic()) == ([], 0.0)


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("on_retry", {"on_retry": "log"}),
        ("stop", {"stop": object()}),
        ("seed", {"seed": 1, "resume": State()}),
        ("seed", {"seed": "7"}),
        ("resume", {"resume": {"attempt": 2}}),
        ("clock", {"clock": 7}),
        ("policy", {"policy": "shop"}),
    ],
)
def test_bad_arguments_are_named(field: str, arguments: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        built(Execution, **{"policy": OFTEN, **arguments})
    assert caught.value.field == field


def built(construct: Callable[..., object], **arguments: object) -> object:
    """Call it without the type checkers' help."""
    return construct(**arguments)


def test_a_decorator_without_a_policy_says_so() -> None:
    with pytest.raises(ConfigError, match="the decorator needs a policy"):
        retry(len)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
