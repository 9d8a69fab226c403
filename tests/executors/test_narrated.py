"""What an execution tells its listeners: every attempt starts and ends, every execution finishes, each fact once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from mulligan import (
    ClassifierError,
    Execution,
    Pipeline,
    Policy,
    RetryExhausted,
    attempts,
    constant,
    execute,
    execute_async,
    no_delay,
    retry,
    try_execute,
)
from mulligan.errors import Rejected
from mulligan.events import AttemptEnded, AttemptStarted, Finished, Nested, Retrying
from mulligan.guards import CircuitBreaker, consecutive
from mulligan.observe import use
from mulligan.outcome import Reason, Refusal
from tests.executors.worlds import Script, World, every_form, every_world
from tests.observe.recording import Recorder, Words, shape

if TYPE_CHECKING:
    from mulligan.events import Event

OFTEN: Policy[int] = Policy(name="often", retry_on=ConnectionError, schedule=constant(1), max_attempts=4)
ANY: Policy[object] = Policy(retry_on=ConnectionError)
POLICIES: dict[str, Policy[int]] = {
    "plain": OFTEN,
    "timed": OFTEN.replace(timeout=60),
    "keyed": OFTEN.replace(idempotency_key=lambda: "key"),
    "judging": OFTEN.replace(retry_if=lambda value: value < 0),
    "wrapping": OFTEN.replace(on_exhausted="wrap"),
}
every_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


@every_world
@every_form
class TestEverywhere:
    @every_policy
    def test_listeners_of_every_execution_hear_of_every_policy(
        self, world: World, form: str, policy: Policy[int]
    ) -> None:
        heard = Recorder()
        with use(heard):
            assert world.run(form, policy, Script((2.0, ConnectionError()), 7)) == 7
        assert shape(heard.events) == ["start 1", "transient", "retrying", "start 2", "accepted", "finished accepted"]
        heard.check()
        match heard.events:
            case [
                AttemptStarted(),
                AttemptEnded() as first,
                Retrying() as retrying,
                AttemptStarted() as second,
                _,
                Finished() as end,
            ]:
                assert {first.policy, second.policy, end.policy} == {"often"}
                assert (first.seconds, retrying.delay, second.elapsed) == pytest.approx((2.0, 1.0, 3.0))
                assert end.attempts == 2
                assert end.elapsed == pytest.approx(3.0)
                assert end.error is None
            case events:
                pytest.fail(f"unexpected: {events}")

    @every_policy
    def test_an_exhausted_execution_finishes_with_its_error(self, world: World, form: str, policy: Policy[int]) -> None:
        heard, last = Recorder(), ConnectionError("down")
        with use(heard), pytest.raises((ConnectionError, RetryExhausted)):
            world.run(form, policy.replace(max_attempts=2), Script(ConnectionError(), last))
        expected = ["start 1", "transient", "retrying", "start 2", "transient", "finished max_attempts"]
        assert shape(heard.events) == expected
        heard.check()
        assert isinstance(heard.events[-1], Finished)
        assert heard.events[-1].raised is last
        assert heard.events[-1].error is ConnectionError

    def test_an_error_that_is_not_transient_fails_its_attempt(self, world: World, form: str) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(KeyError):
            world.run(form, OFTEN, Script(KeyError()))
        assert shape(heard.events) == ["start 1", "failed", "finished not_retryable"]

    def test_control_flow_cancels_its_attempt(self, world: World, form: str) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(KeyboardInterrupt):
            world.run(form, OFTEN, Script(KeyboardInterrupt()))
        assert shape(heard.events) == ["start 1", "cancelled", "finished not_retryable"]

    def test_a_value_that_is_not_accepted_is_transient(self, world: World, form: str) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(RetryExhausted):
            world.run(form, POLICIES["judging"].replace(max_attempts=2), Script(-1))
        assert shape(heard.events)[1::3] == ["transient", "transient"]
        heard.check()

    def test_a_classifier_that_fails_interrupts_the_execution(self, world: World, form: str) -> None:
        def broken(error: Exception) -> bool:
            raise LookupError("classifier")

        heard = Recorder()
        policy: Policy[int] = OFTEN.replace(retry_on=broken)
        with use(heard), pytest.raises(ClassifierError):
            world.run(form, policy, Script(ConnectionError()))
        assert shape(heard.events) == ["start 1", "failed", "finished interrupted"]

    def test_a_breaker_changes_before_its_attempt_ends_and_refuses_the_next_one(self, world: World, form: str) -> None:
        heard = Recorder()
        subject = Pipeline(OFTEN, guards=[CircuitBreaker("billing", consecutive(2), open_for=60)])
        with use(heard), pytest.raises(ConnectionError):
            world.run(form, subject, Script(ConnectionError()))
        assert shape(heard.events)[3:] == ["start 2", "guardchanged", "refused", "transient", "finished refused"]
        heard.check()

    def test_a_refused_first_attempt_was_never_made(self, world: World, form: str) -> None:
        class Maintenance:
            def admit(self, attempt: int, /) -> Refusal:
                return Refusal(by="maintenance")

        heard = Recorder()
        with use(heard), pytest.raises(Rejected):
            world.run(form, Pipeline(OFTEN, guards=[Maintenance()]), Script(7))
        assert shape(heard.events) == ["refused", "finished refused"]
        assert isinstance(heard.events[-1], Finished)
        assert heard.events[-1].attempts == 0

    def test_a_listener_that_raises_changes_nothing(
        self, world: World, form: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Broken(Recorder):
            def __call__(self, event: Event) -> None:
                super().__call__(event)
                raise RuntimeError("listener")

        Broken.__qualname__ = f"broken in {type(world).__name__} {form}"
        broken, heard = Broken(), Recorder()
        with use(broken, heard):
            assert world.run(form, OFTEN, Script(ConnectionError(), 7)) == 7
        assert broken.events == heard.events
        assert len([record for record in caplog.records if record.name == "mulligan"]) == 1

    def test_one_who_listens_twice_hears_each_fact_once(self, world: World, form: str) -> None:
        heard = Recorder()
        with use(heard, heard), use(heard):
            world.run(form, Pipeline(OFTEN, listeners=[heard, heard]), Script(7))
        assert shape(heard.events) == ["start 1", "accepted", "finished accepted"]


def test_executions_are_told_apart() -> None:
    heard = Recorder()
    with use(heard):
        execute(OFTEN, lambda: execute(OFTEN, lambda: 7))
    heard.check()
    assert len({event.execution for event in heard.events if isinstance(event, Finished)}) == 2


class TestInterrupted:
    def test_an_observer_that_raises_interrupts_the_execution(self) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(LookupError):
            Execution(OFTEN, on_retry=raising).run(Script(ConnectionError(), 7).play)
        assert shape(heard.events) == ["start 1", "transient", "retrying", "finished interrupted"]

    def test_an_observer_that_raises_in_a_block_interrupts_the_execution(self) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(LookupError):
            for attempt in Execution(OFTEN, on_retry=raising).attempts():
                with attempt:
                    raise ConnectionError
        assert shape(heard.events) == ["start 1", "transient", "retrying", "finished interrupted"]

    def test_an_observer_that_raises_in_accept_interrupts_the_execution(self) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(LookupError):
            for attempt in Execution(POLICIES["judging"], on_retry=raising).attempts():
                with attempt:
                    attempt.accept(-1)
        assert shape(heard.events) == ["start 1", "transient", "retrying", "finished interrupted"]

    def test_a_cancelled_sleep_interrupts_the_execution(self) -> None:
        heard = Recorder()

        async def main() -> None:
            task = asyncio.ensure_future(execute_async(OFTEN.replace(schedule=constant(3600)), failing))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        with use(heard):
            asyncio.run(main())
        assert shape(heard.events) == ["start 1", "transient", "retrying", "finished interrupted"]

    def test_a_cancelled_attempt_is_cancelled(self) -> None:
        heard = Recorder()

        async def main() -> None:
            task = asyncio.ensure_future(execute_async(OFTEN, forever))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        with use(heard):
            asyncio.run(main())
        assert shape(heard.events) == ["start 1", "cancelled", "finished not_retryable"]

    def test_an_operation_that_answers_a_coroutine_fails_its_attempt(self) -> None:
        heard = Recorder()
        with use(heard), pytest.raises(TypeError, match="execute_async"):
            _ = execute(ANY, failing)
        assert shape(heard.events) == ["start 1", "failed", "finished interrupted"]

    def test_a_loop_that_is_left_between_blocks_finishes_all_the_same(self) -> None:
        heard = Words()

        def leave() -> None:
            for attempt in attempts(OFTEN.replace(schedule=no_delay())):
                with attempt:
                    raise ConnectionError
                break

        with use(heard):
            leave()
        assert heard.words == ["start 1", "transient", "retrying", "finished interrupted"]

    def test_a_loop_that_never_began_tells_nothing(self) -> None:
        heard = Recorder()
        with use(heard):
            iter(attempts(OFTEN))
        assert heard.events == []

    def test_a_block_that_fails_after_accepting_ends_once(self) -> None:
        heard = Recorder()
        with use(heard):
            for attempt in attempts(POLICIES["judging"].replace(schedule=no_delay())):
                with attempt:
                    attempt.accept(7)
                    if attempt.number == 1:
                        raise ConnectionError
        assert shape(heard.events) == ["start 1", "transient", "retrying", "start 2", "accepted", "finished accepted"]


def raising(event: Retrying) -> None:
    raise LookupError("observer")


async def failing() -> int:
    raise ConnectionError


async def forever() -> int:
    await asyncio.sleep(3600)
    return 7


def test_nested_is_told_before_the_end() -> None:
    heard, policy = Recorder(), OFTEN.replace(schedule=no_delay())
    with use(heard):
        try_execute(policy, retry(policy)(Script(ConnectionError()).play))
    assert shape(heard.events)[-3:] == ["nested", "transient", "finished max_attempts"]
    nested = [event for event in heard.events if isinstance(event, Nested)]
    assert [event.amplification for event in nested] == [16]
    heard.check()


def test_reasons_that_exhaust() -> None:
    assert {reason for reason in Reason if not reason.exhausted} == {
        Reason.ACCEPTED,
        Reason.NOT_RETRYABLE,
        Reason.INTERRUPTED,
    }
