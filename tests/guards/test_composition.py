"""How guards compose with attempts, retries and cancellation: in sync code, asyncio and trio, in all four forms."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import trio
import trio.testing

from mulligan import (
    ConfigError,
    Execution,
    Failed,
    Pipeline,
    Policy,
    Reason,
    Rejected,
    attempts,
    constant,
    execute,
    execute_async,
    no_delay,
)
from mulligan.classify import FAIL, TRANSIENT
from mulligan.errors import BreakerOpen, ClassifierError
from mulligan.events import Finished, GuardChanged, Refused, Retrying
from mulligan.guards import Budget, CircuitBreaker, Status, consecutive, count_window, deposit, quota, token_ratio
from mulligan.outcome import Refusal
from mulligan.testing import no_retries, run_virtual, virtual_time
from tests.executors.worlds import Script, World, every_form, every_world

if TYPE_CHECKING:
    from mulligan.classify import Verdict
    from mulligan.events import Event
    from mulligan.guards.protocol import Call, Ending, Said
    from mulligan.outcome import Outcome

POLICY: Policy[int] = Policy(name="billing", retry_on=ConnectionError, schedule=constant(1), max_attempts=10)


class Recorder:
    """A guard that writes down what it is asked and told, and refuses what it is told to."""

    def __init__(self, journal: list[str], name: str = "", *, enter: int = 0, retry: int = 0) -> None:
        self.journal, self.name, self.refuses_enter, self.refuses_retry = journal, name, enter, retry

    def visit(self, call: Call, /) -> Recorder:
        return self

    def enter(self, attempt: int, now: float, /) -> Said:
        self.journal.append(f"{self.name}enter {attempt}")
        return Refusal(by="recorder") if attempt == self.refuses_enter else None

    def leave(self, ending: Ending, now: float, /) -> Said:
        self.journal.append(f"{self.name}leave {ending.attempt}")
        return None

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:
        self.journal.append(f"{self.name}retry {ending.attempt + 1}")
        return Refusal(by="recorder") if ending.attempt + 1 == self.refuses_retry else None

    def release(self, now: float, /) -> Said:
        self.journal.append(f"{self.name}release")
        return None


@every_world
@every_form
class TestOrder:
    def test_each_attempt_is_asked_for_and_told_and_each_retry_asked_for(self, world: World, form: str) -> None:
        journal: list[str] = []
        assert world.run(form, Pipeline(POLICY, guards=[Recorder(journal)]), Script(ConnectionError(), 7)) == 7
        assert journal == ["enter 1", "leave 1", "retry 2", "enter 2", "leave 2"]

    def test_what_earlier_guards_hold_goes_back_when_a_later_one_refuses(self, world: World, form: str) -> None:
        journal: list[str] = []
        guards = [Recorder(journal, "a "), Recorder(journal, "b ", enter=1)]
        with pytest.raises(Rejected):
            world.run(form, Pipeline(POLICY, guards=guards), Script(7))
        assert journal == ["a enter 1", "b enter 1", "a release", "b release"]

    def test_a_retry_refused_after_its_sleep_raises_the_error_of_the_operation(self, world: World, form: str) -> None:
        journal: list[str] = []
        script = Script(ConnectionError("down"))
        with pytest.raises(ConnectionError, match="down") as caught:
            world.run(form, Pipeline(POLICY, guards=[Recorder(journal, enter=2)]), script)
        assert script.calls == 1
        assert caught.value.__notes__ == ["mulligan: billing gave up after 1 attempt in 1.000 s (refused)"]
        assert journal == ["enter 1", "leave 1", "retry 2", "enter 2", "release"]

    def test_a_value_that_is_not_accepted_is_told_too(self, world: World, form: str) -> None:
        journal: list[str] = []
        policy = POLICY.replace(retry_if=lambda value: value < 0)
        assert world.run(form, Pipeline(policy, guards=[Recorder(journal)]), Script(-1, 7)) == 7
        assert journal == ["enter 1", "leave 1", "retry 2", "enter 2", "leave 2"]


@every_world
@every_form
class TestBreaker:
    def test_an_open_breaker_refuses_the_first_attempt_and_says_when_to_ask_again(
        self, world: World, form: str
    ) -> None:
        breaker = CircuitBreaker("billing", consecutive(1), open_for=1e6)
        once = Pipeline(POLICY.replace(max_attempts=1), guards=[breaker])
        with pytest.raises(ConnectionError):
            world.run(form, once, Script(ConnectionError()))
        script = Script(7)
        with pytest.raises(BreakerOpen, match="billing refused attempt 1") as caught:
            world.run(form, once, script)
        assert script.calls == 0
        assert caught.value.retry_after == pytest.approx(1e6, rel=1e-3)

    def test_retries_end_when_the_breaker_opens_and_the_error_is_noted(self, world: World, form: str) -> None:
        seen: list[Event] = []
        breaker = CircuitBreaker("billing", consecutive(3), open_for=60)
        script = Script(ConnectionError("down"))
        with pytest.raises(ConnectionError, match="down") as caught:
            world.run(form, Pipeline(POLICY, guards=[breaker], listeners=[seen.append]), script)
        assert script.calls == 3
        assert caught.value.__notes__ == ["mulligan: billing gave up after 3 attempts in 2.000 s (refused)"]
        assert [type(event) for event in seen] == [Retrying, Retrying, GuardChanged, Refused, Finished]
        assert seen[2] == GuardChanged(policy="billing", guard="billing", key="", before="closed", after="open")
        refused = seen[3]
        assert isinstance(refused, Refused)
        assert (refused.attempt, refused.guard) == (4, "billing")
        assert refused.retry_after == pytest.approx(60)

    def test_a_retry_that_sleeps_longer_than_the_breaker_is_open_is_the_probe(self, world: World, form: str) -> None:
        breaker = CircuitBreaker("billing", consecutive(1), open_for=5)
        pipeline = Pipeline(POLICY.replace(schedule=constant(6)), guards=[breaker])
        assert world.run(form, pipeline, Script(ConnectionError(), 7)) == 7
        assert breaker.status() is Status.CLOSED

    def test_errors_that_no_attempt_would_mend_count_as_nothing(self, world: World, form: str) -> None:
        breaker = CircuitBreaker("billing", consecutive(1))
        with pytest.raises(ValueError, match="wrong"):
            world.run(form, Pipeline(POLICY, guards=[breaker]), Script(ValueError("wrong")))
        assert breaker.status() is Status.CLOSED

    def test_its_own_classifier_says_what_counts(self, world: World, form: str) -> None:
        breaker = CircuitBreaker("billing", consecutive(1), classify=lambda outcome: TRANSIENT)
        with pytest.raises(ValueError, match="wrong"):
            world.run(form, Pipeline(POLICY, guards=[breaker]), Script(ValueError("wrong")))
        assert breaker.status() is Status.OPEN

    def test_a_broken_classifier_is_told_and_keeps_the_error(self, world: World, form: str) -> None:
        def broken(outcome: Outcome[object]) -> Verdict:
            raise KeyError("x")

        breaker = CircuitBreaker("billing", classify=broken)
        with pytest.raises(ClassifierError, match="classify: raised KeyError") as caught:
            world.run(form, Pipeline(POLICY, guards=[breaker]), Script(ConnectionError("down")))
        assert isinstance(caught.value.__cause__, ConnectionError)

    def test_a_slow_call_counts_for_the_slow_rate(self, world: World, form: str) -> None:
        window = count_window(1, slow_rate=1.0, slow_after=2.0)
        breaker = CircuitBreaker("billing", window)
        assert world.run(form, Pipeline(POLICY, guards=[breaker]), Script((1.5, 7))) == 7
        assert breaker.status() is Status.CLOSED
        assert world.run(form, Pipeline(POLICY, guards=[breaker]), Script((2.5, 7))) == 7
        assert breaker.status() is Status.OPEN


@every_world
@every_form
class TestBudgets:
    def test_an_exhausted_budget_leaves_the_error_of_the_operation(self, world: World, form: str) -> None:
        script = Script(ConnectionError("down"))
        budget = Budget("billing", quota(capacity=28))
        with pytest.raises(ConnectionError, match="down") as caught:
            world.run(form, Pipeline(POLICY, guards=[budget]), script)
        assert (script.calls, budget.level()) == (3, 0)
        assert "(refused)" in caught.value.__notes__[0]

    def test_it_never_refuses_a_first_attempt(self, world: World, form: str) -> None:
        budget = Budget("billing", quota(capacity=1))
        assert world.run(form, Pipeline(POLICY, guards=[budget]), Script(7)) == 7

    def test_the_retry_that_another_guard_refuses_costs_nothing(self, world: World, form: str) -> None:
        for accounting in (quota(), deposit()):
            budget = Budget("billing", accounting)
            guards = (budget, Recorder([], enter=2))
            with pytest.raises(ConnectionError):
                world.run(form, Pipeline(POLICY, guards=guards), Script(ConnectionError()))
            assert budget.level() >= Budget("full", accounting).level()

    def test_five_straight_failures_block_with_tokens(self, world: World, form: str) -> None:
        script = Script(ConnectionError())
        with pytest.raises(ConnectionError):
            world.run(form, Pipeline(POLICY, guards=[Budget("billing", token_ratio())]), script)
        assert script.calls == 5


def probing() -> CircuitBreaker:
    """Answer a breaker whose next attempt is its only probe."""
    breaker = CircuitBreaker("billing", consecutive(1), open_for=1)
    with virtual_time(), pytest.raises(ConnectionError):
        execute(Pipeline(POLICY.replace(max_attempts=1), guards=[breaker]), _down)
    return breaker


def _down() -> int:
    raise ConnectionError("down")


async def rest(seconds: float) -> int:
    await asyncio.sleep(seconds)
    return 7


class TestCancellation:
    """circuitbreaker closes a half-open circuit when its probe is cancelled; here that counts as nothing."""

    def test_a_cancelled_probe_in_asyncio_gives_its_permit_back(self) -> None:
        breaker = probing()
        pipeline = Pipeline(POLICY, guards=[breaker])

        async def main() -> None:
            await asyncio.sleep(10)
            probe = asyncio.ensure_future(execute_async(pipeline, rest, 3600.0))
            await asyncio.sleep(1)
            assert breaker.status() is Status.HALF_OPEN
            with pytest.raises(BreakerOpen):
                await execute_async(pipeline, rest, 0.0)
            probe.cancel()
            with pytest.raises(asyncio.CancelledError):
                await probe
            assert breaker.status() is Status.HALF_OPEN
            assert await execute_async(pipeline, rest, 0.0) == 7
            assert breaker.status() is Status.CLOSED

        run_virtual(main)

    def test_a_cancelled_probe_in_trio_gives_its_permit_back(self) -> None:
        breaker = probing()
        pipeline = Pipeline(POLICY, guards=[breaker])

        async def hang() -> int:
            await trio.sleep(3600)
            return 7

        async def answer() -> int:
            return 7

        async def main() -> None:
            await trio.sleep(10)
            with trio.move_on_after(1):
                await execute_async(pipeline, hang)
            assert breaker.status() is Status.HALF_OPEN
            assert await execute_async(pipeline, answer) == 7
            assert breaker.status() is Status.CLOSED

        trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))

    def test_an_interrupt_gives_the_permit_back(self) -> None:
        breaker = probing()
        pipeline = Pipeline(POLICY, guards=[breaker])

        def interrupted() -> int:
            raise KeyboardInterrupt

        with virtual_time() as clock:
            clock.advance(10)
            with pytest.raises(KeyboardInterrupt):
                execute(pipeline, interrupted)
            assert execute(pipeline, int, "7") == 7
        assert breaker.status() is Status.CLOSED

    def test_a_retry_cancelled_in_its_sleep_costs_nothing(self) -> None:
        budget = Budget("billing", quota())
        pipeline = Pipeline(POLICY.replace(schedule=constant(3600)), guards=[budget])

        async def fail() -> int:
            raise ConnectionError("down")

        async def main() -> None:
            task = asyncio.ensure_future(execute_async(pipeline, fail))
            await asyncio.sleep(1)
            assert budget.level() == 486
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        run_virtual(main)
        assert budget.level() == 500

    def test_what_on_retry_raises_gives_the_token_back(self) -> None:
        budget = Budget("billing", quota())
        pipeline = Pipeline(POLICY, guards=[budget])

        def broken(event: Retrying) -> None:
            raise LookupError("broken")

        for form in ("function", "block"):
            execution = Execution(pipeline, on_retry=broken)
            with virtual_time(), pytest.raises(LookupError):
                if form == "function":
                    execution.run(_down)
                else:
                    for attempt in execution.attempts():
                        with attempt:
                            _down()
            assert budget.level() == 500


class TestKeys:
    def test_dependencies_are_told_apart_by_the_arguments(self) -> None:
        def host(url: str, *, timeout: float = 1.0) -> str:
            return url.partition("/")[0]

        breaker = CircuitBreaker("http", consecutive(1), key=host)
        pipeline = Pipeline(POLICY.replace(max_attempts=1), guards=[breaker])

        def fetch(url: str, *, timeout: float = 1.0) -> int:
            return _down() if url.startswith("bad") else 7

        with pytest.raises(ConnectionError):
            execute(pipeline, fetch, "bad/1", timeout=2.0)
        with pytest.raises(BreakerOpen):
            execute(pipeline, fetch, "bad/2")
        assert execute(pipeline, fetch, "good/1") == 7
        assert (breaker.status("bad"), breaker.status("good")) == (Status.OPEN, Status.CLOSED)

    def test_a_constant_key_is_one_dependency(self) -> None:
        breaker = CircuitBreaker("http", consecutive(1), key="primary")
        with pytest.raises(ConnectionError):
            execute(Pipeline(POLICY.replace(max_attempts=1), guards=[breaker]), _down)
        assert breaker.status("primary") is Status.OPEN

    def test_the_keys_that_were_met_first_are_forgotten(self) -> None:
        breaker = CircuitBreaker("http", consecutive(1), max_keys=2)
        for key in ("a", "b", "c"):
            breaker.force_open(key)
        assert [breaker.status(key) for key in ("c", "b")] == [Status.FORCED_OPEN] * 2
        assert breaker.status("a") is Status.CLOSED

    def test_a_block_has_no_arguments(self) -> None:
        breaker = CircuitBreaker("http", consecutive(1), key=lambda: "tenant")
        for attempt in attempts(Pipeline(POLICY, guards=[breaker])):
            with attempt:
                pass
        assert breaker.status("tenant") is Status.CLOSED


class TestDisabledRetries:
    def test_guards_still_see_the_single_attempt(self) -> None:
        breaker = CircuitBreaker("billing", consecutive(1))
        with no_retries(), pytest.raises(ConnectionError):
            execute(Pipeline(POLICY, guards=[breaker]), _down)
        assert breaker.status() is Status.OPEN


def test_a_guard_refusing_values_answers_the_last_one_where_the_policy_does() -> None:
    policy: Policy[int] = POLICY.replace(retry_if=lambda value: value < 0, on_exhausted="return", schedule=no_delay())
    assert execute(Pipeline(policy, guards=[Recorder([], enter=2)]), int, "-1") == -1


def test_a_fail_verdict_asks_for_no_retry() -> None:
    journal: list[str] = []
    policy = Policy[int](classify=lambda outcome: FAIL)
    answer = Execution(Pipeline(policy, guards=[Recorder(journal)])).try_run(int, "7")
    assert isinstance(answer, Failed)
    assert answer.reason is Reason.NOT_RETRYABLE
    assert journal == ["enter 1", "leave 1"]


def test_what_is_no_guard_is_refused() -> None:
    with pytest.raises(ConfigError, match="give breakers, budgets"):
        Pipeline(POLICY, guards=["breaker"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType] - on purpose
