"""What holds in every world and form: sync, asyncio and trio; function, decorator, execution and block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan import (
    UNLIMITED,
    Execution,
    Failed,
    Pipeline,
    Policy,
    Reason,
    Rejected,
    RetryExhausted,
    Succeeded,
    constant,
    exponential,
    from_delays,
)
from mulligan.classify import ACCEPT, FAIL, Transient
from mulligan.events import Finished, Refused, Retrying
from mulligan.outcome import Raised, Refusal
from tests.executors.worlds import Script, World, every_form, every_world

if TYPE_CHECKING:
    from mulligan.classify import Verdict
    from mulligan.events import Event
    from mulligan.outcome import Outcome

OFTEN: Policy[int] = Policy(retry_on=ConnectionError, schedule=exponential(1), max_attempts=4)


def notes(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


@every_world
@every_form
class TestRecovery:
    def test_a_success_is_answered_after_one_attempt(self, world: World, form: str) -> None:
        script = Script(7)
        assert world.run(form, OFTEN, script) == 7
        assert script.times == [0.0]

    def test_attempts_follow_the_schedule_until_one_succeeds(self, world: World, form: str) -> None:
        script = Script(ConnectionError(), ConnectionError(), ConnectionError(), 7)
        assert world.run(form, OFTEN, script) == 7
        assert script.times == pytest.approx([0, 1, 3, 7])

    def test_a_predicate_on_the_error_decides(self, world: World, form: str) -> None:
        policy: Policy[int] = OFTEN.replace(retry_on=lambda error: "again" in str(error))
        script = Script(ValueError("again"), 7)
        assert world.run(form, policy, script) == 7
        with pytest.raises(ValueError, match="not now"):
            world.run(form, policy, Script(ValueError("not now"), 7))

    def test_a_value_that_is_not_accepted_is_retried(self, world: World, form: str) -> None:
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1))
        script = Script(-1, -2, 7)
        assert world.run(form, policy, script) == 7
        assert script.times == pytest.approx([0, 1, 2])

    def test_unlimited_attempts_are_unlimited(self, world: World, form: str) -> None:
        policy = OFTEN.replace(max_attempts=UNLIMITED, schedule=constant(1))
        script = Script(*[ConnectionError()] * 99, 7)
        assert world.run(form, policy, script) == 7
        assert script.calls == 100

    def test_a_hint_takes_the_place_of_the_delay(self, world: World, form: str) -> None:
        def classify(outcome: Outcome[int]) -> Verdict:
            return Transient(30.0) if isinstance(outcome, Raised) else ACCEPT

        policy = Policy[int](classify=classify, schedule=constant(1))
        script = Script(ConnectionError(), 7)
        assert world.run(form, policy, script) == 7
        assert script.times == pytest.approx([0, 30])


@every_world
@every_form
class TestEnd:
    def test_the_last_error_itself_is_raised_with_one_note(self, world: World, form: str) -> None:
        last = ConnectionError("third")
        script = Script(ConnectionError("first"), ConnectionError("second"), last)
        with pytest.raises(ConnectionError) as caught:
            world.run(form, OFTEN.replace(max_attempts=3, name="shop.fetch"), script)
        assert caught.value is last
        [note] = notes(last)
        assert note.startswith("mulligan: shop.fetch gave up after 3 attempts in 3.000 s")
        assert note.endswith("(max_attempts)")

    def test_no_error_hides_another_one(self, world: World, form: str) -> None:
        """Each attempt begins outside of the handler of the one before."""
        last = ConnectionError("second")
        with pytest.raises(ConnectionError):
            world.run(form, OFTEN.replace(max_attempts=2), Script(ConnectionError("first"), last))
        assert last.__context__ is None
        assert last.__cause__ is None

    def test_an_error_that_is_not_transient_passes_untouched(self, world: World, form: str) -> None:
        error = ValueError("wrong")
        script = Script(error)
        with pytest.raises(ValueError, match="wrong"):
            world.run(form, OFTEN, script)
        assert script.calls == 1
        assert notes(error) == []

    def test_a_shared_error_never_collects_notes(self, world: World, form: str) -> None:
        shared = ConnectionError("shared")
        for _ in range(3):
            with pytest.raises(ConnectionError):
                world.run(form, OFTEN, Script(shared))
        assert len(notes(shared)) == 1

    def test_a_foreign_note_stays(self, world: World, form: str) -> None:
        error = ConnectionError()
        error.add_note("mine")
        with pytest.raises(ConnectionError):
            world.run(form, OFTEN, Script(error))
        assert notes(error)[0] == "mine"
        assert len(notes(error)) == 2

    def test_note_false_leaves_the_error_alone(self, world: World, form: str) -> None:
        error = ConnectionError()
        with pytest.raises(ConnectionError):
            world.run(form, OFTEN.replace(note=False), Script(error))
        assert notes(error) == []

    def test_wrap_raises_retry_exhausted_with_the_error_as_its_cause(self, world: World, form: str) -> None:
        last = ConnectionError("last")
        with pytest.raises(RetryExhausted) as caught:
            world.run(form, OFTEN.replace(on_exhausted="wrap"), Script(ConnectionError(), last, last, last))
        assert caught.value.__cause__ is last
        assert caught.value.attempts == 4
        assert [record.error for record in caught.value.history] == [ConnectionError] * 4
        assert [record.delay for record in caught.value.history] == [1.0, 2.0, 4.0, None]

    def test_wrap_leaves_what_is_not_transient_alone(self, world: World, form: str) -> None:
        with pytest.raises(ValueError, match="wrong"):
            world.run(form, OFTEN.replace(on_exhausted="wrap"), Script(ValueError("wrong")))

    def test_values_that_are_never_accepted_raise_retry_exhausted(self, world: World, form: str) -> None:
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1))
        with pytest.raises(RetryExhausted) as caught:
            world.run(form, policy, Script(-1, -2, -3))
        assert caught.value.last_value == -3
        assert caught.value.attempts == 3
        assert caught.value.__cause__ is None

    def test_return_answers_the_last_value(self, world: World, form: str) -> None:
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1), on_exhausted="return")
        assert world.run(form, policy, Script(-1, -2, -3)) == -3

    def test_return_still_raises_an_error(self, world: World, form: str) -> None:
        with pytest.raises(ConnectionError):
            world.run(form, OFTEN.replace(on_exhausted="return"), Script(ConnectionError()))

    def test_the_end_of_the_schedule_ends_the_execution(self, world: World, form: str) -> None:
        script = Script(ConnectionError())
        with pytest.raises(ConnectionError) as caught:
            world.run(form, OFTEN.replace(schedule=from_delays([1])), script)
        assert script.calls == 2
        assert "(schedule_ended)" in notes(caught.value)[0]


@every_world
@every_form
class TestTime:
    def test_a_sleep_that_would_reach_the_timeout_is_not_started(self, world: World, form: str) -> None:
        script = Script((1, ConnectionError()))
        with pytest.raises(ConnectionError) as caught:
            world.run(form, OFTEN.replace(timeout=5.0), script)
        assert script.times == pytest.approx([0, 2])
        assert "after 2 attempts in 3.000 s (timeout)" in notes(caught.value)[0]

    def test_a_hint_past_the_timeout_stops_at_once(self, world: World, form: str) -> None:
        def classify(outcome: Outcome[int]) -> Verdict:
            return Transient(3600.0) if isinstance(outcome, Raised) else ACCEPT

        script = Script(ConnectionError())
        with pytest.raises(ConnectionError) as caught:
            world.run(form, Policy[int](classify=classify, timeout=30), script)
        assert script.calls == 1
        assert "(timeout)" in notes(caught.value)[0]

    def test_stop_after_lets_the_last_sleep_pass_it(self, world: World, form: str) -> None:
        script = Script(ConnectionError())
        with pytest.raises(ConnectionError) as caught:
            world.run(form, OFTEN.replace(stop_after=2.5, max_attempts=UNLIMITED), script)
        assert script.times == pytest.approx([0, 1, 3])
        assert "(stop_after)" in notes(caught.value)[0]


@every_world
@every_form
class TestPipelines:
    def test_listeners_see_each_fact_once(self, world: World, form: str) -> None:
        seen: list[Event] = []
        error = ConnectionError()
        assert world.run(form, Pipeline(OFTEN, listeners=[seen.append]), Script(error, 7)) == 7
        match seen:
            case [Retrying() as retrying, Finished() as finished]:
                assert (retrying.attempt, retrying.next_attempt, retrying.error) == (1, 2, error)
                assert (retrying.delay, retrying.state.attempt) == (1.0, 2)
                assert (finished.reason, finished.attempts, finished.error) == (Reason.ACCEPTED, 2, None)
            case _:
                pytest.fail(f"unexpected events: {seen}")

    def test_a_listener_learns_how_it_failed(self, world: World, form: str) -> None:
        seen: list[Event] = []
        with pytest.raises(ConnectionError):
            world.run(form, Pipeline(OFTEN.replace(max_attempts=1), listeners=[seen.append]), Script(ConnectionError()))
        [finished] = seen
        assert isinstance(finished, Finished)
        assert (finished.reason, finished.error) == (Reason.ATTEMPTS, ConnectionError)

    def test_what_a_listener_raises_is_dropped_and_reported_once(
        self, world: World, form: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(event: Event) -> None:
            raise RuntimeError("listener")

        broken.__qualname__ = f"broken in {world} {form}"
        assert world.run(form, Pipeline(OFTEN, listeners=[broken]), Script(ConnectionError(), 7)) == 7
        assert len([record for record in caplog.records if record.name == "mulligan"]) == 1

    def test_a_guard_that_refuses_the_first_attempt_is_raised(self, world: World, form: str) -> None:
        script = Script(7)
        with pytest.raises(Rejected) as caught:
            world.run(form, Pipeline(OFTEN, guards=[Closed(1)]), script)
        assert caught.value.retry_after == 60.0
        assert script.calls == 0

    def test_a_guard_that_refuses_a_retry_leaves_the_error_to_be_raised(self, world: World, form: str) -> None:
        seen: list[Event] = []
        script = Script(ConnectionError("down"))
        with pytest.raises(ConnectionError, match="down") as caught:
            world.run(form, Pipeline(OFTEN, guards=[Closed(3)], listeners=[seen.append]), script)
        assert script.calls == 2
        assert "(refused)" in notes(caught.value)[0]
        [refused] = [event for event in seen if isinstance(event, Refused)]
        assert (refused.attempt, refused.guard) == (3, "closed")


class Closed:
    """A guard that refuses from an attempt on."""

    def __init__(self, first: int) -> None:
        self.first = first

    def admit(self, attempt: int, /) -> Refusal | None:
        return Refusal(by="closed", retry_after=60.0) if attempt >= self.first else None


@every_world
class TestAnswers:
    def test_a_success_is_answered_with_its_attempts_and_seconds(self, world: World) -> None:
        match world.answer(Execution(OFTEN), Script((2, ConnectionError()), 7)):
            case Succeeded(value, attempts, elapsed):
                assert (value, attempts) == (7, 2)
                assert elapsed == pytest.approx(3)
            case Failed() as failed:
                pytest.fail(f"unexpected: {failed}")

    def test_a_failure_is_answered_with_its_reason_and_history(self, world: World) -> None:
        last = ConnectionError()
        answer = world.answer(Execution(OFTEN.replace(max_attempts=2)), Script(ConnectionError(), last))
        assert isinstance(answer, Failed)
        assert (answer.error, answer.last_value, answer.reason) == (last, None, Reason.ATTEMPTS)
        assert [record.attempt for record in answer.history] == [1, 2]

    @pytest.mark.parametrize("mode", ["raise", "return", "wrap"])
    def test_exhaustion_on_values_is_answered_whatever_the_policy_would_raise(self, world: World, mode: str) -> None:
        policy = Policy[int](retry_if=lambda value: value < 0, schedule=constant(1))
        policy = {
            "raise": policy,
            "return": policy.replace(on_exhausted="return"),
            "wrap": policy.replace(on_exhausted="wrap"),
        }[mode]
        answer = world.answer(Execution(policy), Script(-1))
        assert isinstance(answer, Failed)
        assert (answer.error, answer.last_value, answer.reason) == (None, -1, Reason.ATTEMPTS)

    def test_the_operations_own_error_is_answered_where_the_policy_wraps(self, world: World) -> None:
        last = ConnectionError()
        answer = world.answer(Execution(OFTEN.replace(on_exhausted="wrap")), Script(last))
        assert isinstance(answer, Failed)
        assert answer.error is last

    def test_an_error_that_is_not_transient_is_answered(self, world: World) -> None:
        answer = world.answer(Execution(OFTEN), Script(ValueError()))
        assert isinstance(answer, Failed)
        assert answer.reason is Reason.NOT_RETRYABLE

    def test_a_refusal_is_answered(self, world: World) -> None:
        answer = world.answer(Execution(Pipeline(OFTEN, guards=[Closed(1)])), Script(7))
        assert isinstance(answer, Failed)
        assert isinstance(answer.error, Rejected)
        assert (answer.reason, answer.attempts) == (Reason.REFUSED, 0)

    def test_the_history_keeps_the_last_ten_attempts(self, world: World) -> None:
        answer = world.answer(Execution(OFTEN.replace(max_attempts=25)), Script(ConnectionError()))
        assert isinstance(answer, Failed)
        assert [record.attempt for record in answer.history] == list(range(16, 26))

    def test_a_fail_verdict_ends_it(self, world: World) -> None:
        answer = world.answer(Execution(Policy[int](classify=lambda outcome: FAIL)), Script(7))
        assert isinstance(answer, Failed)
        assert (answer.last_value, answer.reason) == (7, Reason.NOT_RETRYABLE)
