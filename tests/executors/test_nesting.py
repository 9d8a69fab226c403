"""Retries inside retries are found on the failing path, and their multiplication is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan import Pipeline, Policy, RetryExhausted, execute, no_delay, retry
from mulligan.events import Nested
from mulligan.testing import raises, script, virtual_time

if TYPE_CHECKING:
    from mulligan.events import Event
    from mulligan.testing import Script

POLICY: Policy[object] = Policy(retry_on=ConnectionError, schedule=no_delay())


def always(error: type[Exception] | Exception) -> Script[object]:
    return script(raises(error).forever())


def nested(seen: list[Event]) -> list[Nested]:
    return [event for event in seen if isinstance(event, Nested)]


def failing(depth: int) -> None:
    """Retry what fails 3 times in each of that many layers."""
    if depth == 0:
        raise ConnectionError
    execute(POLICY, failing, depth - 1)


@pytest.mark.parametrize(("depth", "calls"), [(1, 9), (2, 27), (3, 81)])
def test_attempts_multiply_over_the_layers(depth: int, calls: int) -> None:
    seen: list[Event] = []
    with pytest.raises(ConnectionError) as caught:
        execute(Pipeline(POLICY, listeners=[seen.append]), failing, depth)
    [event] = nested(seen)
    assert (event.attempts, event.amplification) == (3, calls)
    [note] = caught.value.__notes__
    assert f"after 3 attempts, {calls} with the retries inside, in" in note


def test_a_cause_chain_is_followed() -> None:
    def translated() -> None:
        try:
            execute(POLICY, always(ConnectionError))
        except ConnectionError as error:
            raise TimeoutError("translated") from error

    seen: list[Event] = []
    with pytest.raises(TimeoutError):
        execute(Pipeline(POLICY.replace(retry_on=TimeoutError), listeners=[seen.append]), translated)
    assert [event.amplification for event in nested(seen)] == [9]


def test_a_wrapping_inner_policy_is_found_too() -> None:
    inner = retry(POLICY.replace(on_exhausted="wrap"))(always(ConnectionError))
    seen: list[Event] = []
    with pytest.raises(RetryExhausted):
        execute(Pipeline(POLICY.replace(retry_on=RetryExhausted), listeners=[seen.append]), inner)
    assert [event.amplification for event in nested(seen)] == [9]


def test_without_nesting_nothing_is_published() -> None:
    seen: list[Event] = []
    with pytest.raises(ConnectionError):
        execute(Pipeline(POLICY, listeners=[seen.append]), always(ConnectionError))
    assert nested(seen) == []


def test_an_error_raised_again_later_does_not_count_as_nested() -> None:
    """One error object that is raised by two executions, one after the other."""
    operation = always(ConnectionError("shared"))
    for _ in range(3):
        seen: list[Event] = []
        with pytest.raises(ConnectionError):
            execute(Pipeline(POLICY, listeners=[seen.append]), operation)
        assert nested(seen) == []


@pytest.mark.parametrize("inner", [POLICY, POLICY.replace(timeout=9)], ids=["plain", "timed"])
def test_one_error_that_every_attempt_raises_counts_each_attempt_once(inner: Policy[object]) -> None:
    """Also where the clock stands still between two executions."""
    shared = ConnectionError("shared")
    seen: list[Event] = []
    with virtual_time():
        for _ in range(2):
            with pytest.raises(ConnectionError):
                execute(Pipeline(POLICY, listeners=[seen.append]), execute, inner, always(shared))
    assert [event.amplification for event in nested(seen)] == [9, 9]


def test_an_error_without_room_for_a_mark_passes_as_it_is() -> None:
    class SlottedError(ConnectionError):
        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(name)

    error = SlottedError()
    with pytest.raises(SlottedError) as caught:
        execute(POLICY.replace(note=False), always(error))
    assert caught.value is error
