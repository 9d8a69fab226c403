"""The block: what leaving it means, and what can't be undone."""

from __future__ import annotations

import asyncio

import pytest

from mulligan import ClassifierError, Pipeline, Policy, RetryExhausted, attempts, constant, no_delay
from mulligan.guards import CircuitBreaker, Status, consecutive
from mulligan.testing import run_virtual, virtual_time
from tests.executors.worlds import Script

POLICY: Policy[int] = Policy(retry_on=ConnectionError, schedule=no_delay())
PICKY = Policy[int](retry_on=ConnectionError, retry_if=lambda value: value < 0, schedule=no_delay())


def test_a_block_that_succeeds_ends_the_loop() -> None:
    numbers: list[int] = []
    operation = Script(ConnectionError(), 7).play
    for attempt in attempts(POLICY):
        with attempt:
            numbers.append(attempt.number)
            operation()
    assert numbers == [1, 2]


def test_return_inside_the_block() -> None:
    operation = Script(ConnectionError(), 7).play

    def fetch() -> int:
        for attempt in attempts(POLICY):
            with attempt:
                return operation()
        return -1

    assert fetch() == 7


def test_a_predicate_that_raises_in_accept_is_not_judged_as_an_error_of_the_operation() -> None:
    def broken(value: int) -> bool:
        raise LookupError("predicate")

    made: list[int] = []
    with pytest.raises(ClassifierError, match="predicate"):
        for attempt in attempts(PICKY.replace(retry_on=Exception, retry_if=broken)):
            with attempt:
                made.append(attempt.number)
                attempt.accept(7)
    assert made == [1]


def test_a_predicate_that_raises_gives_back_what_guards_hold() -> None:
    """A breaker that lets one probe through would stay half open for the length of its lease."""

    def broken(error: Exception) -> bool:
        raise LookupError("predicate")

    policy: Policy[int] = POLICY.replace(retry_on=broken)
    breaker = CircuitBreaker("billing", consecutive(1), open_for=1)
    with virtual_time() as clock:
        with pytest.raises(ConnectionError):
            for attempt in attempts(Pipeline(POLICY.replace(max_attempts=1), guards=[breaker])):
                with attempt:
                    raise ConnectionError
        clock.advance(2)
        with pytest.raises(ClassifierError):
            for attempt in attempts(Pipeline(policy, guards=[breaker])):
                with attempt:
                    raise ConnectionError
        for attempt in attempts(Pipeline(POLICY, guards=[breaker])):
            with attempt:
                pass
    assert breaker.status() is Status.CLOSED


def test_break_ends_the_loop() -> None:
    operation = Script(ConnectionError(), 7, 8).play
    seen: list[int] = []
    for attempt in attempts(POLICY):
        with attempt:
            seen.append(operation())
            break
    assert seen == [7]


def test_continue_is_a_success_too() -> None:
    operation = Script(ConnectionError(), 7, 8).play
    seen: list[int] = []
    for attempt in attempts(POLICY):
        with attempt:
            seen.append(operation())
            continue
    assert seen == [7]


def test_break_after_a_failed_block_is_the_callers_choice() -> None:
    numbers: list[int] = []
    for attempt in attempts(POLICY):
        with attempt:
            raise ConnectionError
        numbers.append(attempt.number)
        break
    assert numbers == [1]


def test_a_return_of_an_unaccepted_value_is_given_up() -> None:
    operation = Script(-1, ConnectionError(), -2, 7).play

    def fetch() -> int:
        for attempt in attempts(PICKY.replace(max_attempts=4)):
            with attempt:
                return attempt.accept(operation())
        return 0

    assert fetch() == 7


def test_a_handler_of_exceptions_in_the_block_does_not_catch_the_signal() -> None:
    operation = Script(-1, 7).play
    value = 0
    for attempt in attempts(PICKY):
        with attempt:
            try:
                value = attempt.accept(operation())
            except Exception:
                pytest.fail("the signal was caught")
    assert value == 7


def test_values_never_accepted_raise_from_accept() -> None:
    with pytest.raises(RetryExhausted) as caught:
        for attempt in attempts(PICKY):
            with attempt:
                attempt.accept(-1)
    assert caught.value.last_value == -1


def test_return_mode_answers_the_last_value() -> None:
    operation = Script(-1, -2, -3).play

    def fetch() -> int:
        for attempt in attempts(PICKY.replace(on_exhausted="return")):
            with attempt:
                return attempt.accept(operation())
        return 0

    assert fetch() == -3


def test_an_error_after_accept_is_judged_like_any_other() -> None:
    operation = Script(5, 7).play
    errors: list[Exception] = [ConnectionError()]
    value = 0
    for attempt in attempts(PICKY):
        with attempt:
            value = attempt.accept(operation())
            if errors:
                raise errors.pop()
    assert value == 7


def test_a_loop_without_a_block_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="with attempt"):
        for _ in attempts(POLICY):
            pass


def test_each_loop_is_an_execution_of_its_own() -> None:
    both = attempts(POLICY)
    for _ in range(2):
        script = Script(ConnectionError(), ConnectionError(), 7)
        for attempt in both:
            with attempt:
                script.play()
        assert script.calls == 3


def test_nested_blocks_are_separate() -> None:
    outer, inner = Script(ConnectionError(), 1).play, Script(ConnectionError(), 2, ConnectionError(), 3).play
    seen: list[int] = []
    for first in attempts(POLICY):
        with first:
            for second in attempts(POLICY):
                with second:
                    seen.append(inner())
            outer()
    assert seen == [2, 3]


def test_the_block_of_a_nested_signal_is_its_own() -> None:
    """An unaccepted value in an inner block does not end an outer attempt."""
    inner = Script(-1, 7).play
    seen: list[int] = []
    for first in attempts(PICKY):
        with first:
            for second in attempts(PICKY):
                with second:
                    seen.append(second.accept(inner()))
    assert seen == [7]


def test_sleeps_come_between_blocks() -> None:
    operation = Script(ConnectionError(), 7).play
    with virtual_time() as clock:
        for attempt in attempts(POLICY.replace(schedule=constant(5))):
            with attempt:
                operation()
    assert clock.sleeps == [5.0]


def test_async_blocks_enforce_no_attempt_timeout_without_async_with() -> None:
    async def main() -> None:
        async for attempt in attempts(POLICY.replace(attempt_timeout=5)):
            with pytest.raises(RuntimeError, match="async with"), attempt:
                pass
            break

    run_virtual(main)


def test_async_blocks_interrupt_an_attempt_that_takes_too_long() -> None:
    async def main() -> list[float]:
        times: list[float] = []
        async for attempt in attempts(POLICY.replace(attempt_timeout=5, retry_on=TimeoutError, schedule=constant(1))):
            async with attempt:
                times.append(asyncio.get_running_loop().time())
                await asyncio.sleep(100 if attempt.number == 1 else 1)
        return times

    assert run_virtual(main) == pytest.approx([0, 6])
