"""Decorators of migrated code call callbacks as the libraries did, in their order, and await those that await."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import tenacity

from mulligan import Policy, constant
from mulligan.compat.callbacks import CallState, retry_calling, retry_logging, retry_telling
from mulligan.testing import run_virtual, virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

retrying: Any = import_module("retrying")  # it has no types
POLICY: Policy[Any] = Policy(retry_on=OSError, schedule=constant(1), max_attempts=3)
VALUES: Policy[Any] = POLICY.replace(retry_if=lambda value: value is None)
LOGGER = logging.getLogger("tests.callbacks")


class ExhaustedError(Exception):
    """An error of the team's own."""


def failing(times: int) -> Callable[[], str]:
    left = [OSError("reset")] * times

    def fetch() -> str:
        if left:
            raise left.pop()
        return "page"

    return fetch


def asynchronous(fetch: Callable[[], str]) -> Callable[[], Any]:
    async def afetch() -> str:
        return fetch()

    return afetch


@pytest.fixture(autouse=True)
def _time(request: pytest.FixtureRequest) -> Generator[None]:
    """Let time be virtual; an asynchronous test has a loop with a virtual time of its own."""
    if "asynchronous" in request.node.name:
        yield
    else:
        with virtual_time():
            yield


@pytest.mark.parametrize("decorate", [retry_calling(POLICY), retry_telling(POLICY), retry_logging(POLICY, LOGGER)])
def test_a_generator_is_refused(decorate: Callable[..., Any]) -> None:
    def pages() -> Generator[int]:
        yield 1

    with pytest.raises(TypeError, match="pages is a generator: retry the calls inside it"):
        decorate(pages)


def test_asynchronous_callbacks_of_tenacity_are_awaited_one_after_the_other() -> None:
    seen: list[tuple[str, int, float | None]] = []

    def noting(what: str) -> Callable[[CallState], Any]:
        async def note(state: CallState) -> None:
            action = state.next_action
            seen.append((what, state.attempt_number, None if action is None else action.sleep))

        return note

    decorate = retry_calling(
        POLICY, before=noting("before"), after=noting("after"), before_sleep=noting("before_sleep")
    )
    assert run_virtual(decorate(asynchronous(failing(1)))) == "page"
    assert seen == [("before", 1, None), ("after", 1, None), ("before_sleep", 1, 1.0), ("before", 2, None)]


def test_asynchronous_handlers_of_backoff_are_awaited_in_their_order() -> None:
    seen: list[str] = []

    def noting(what: str) -> Callable[[Any], None]:
        return lambda details: seen.append(f"{what} {details['tries']}")

    def noting_later(what: str) -> Callable[[Any], Any]:
        async def note(details: Any) -> None:
            seen.append(f"{what} {details['tries']}")

        return note

    handlers: list[Any] = [noting("a"), noting_later("b"), noting("c"), noting_later("d")]
    decorate = retry_telling(POLICY, on_backoff=handlers, on_success=noting_later("success"), on_giveup=handlers)
    assert run_virtual(decorate(asynchronous(failing(1)))) == "page"
    assert seen == ["a 1", "b 1", "c 1", "d 1", "success 2"]
    seen.clear()
    with pytest.raises(OSError, match="reset"):
        run_virtual(decorate(asynchronous(failing(9))))
    assert seen[-4:] == ["a 3", "b 3", "c 3", "d 3"]


def test_exhaustion_raises_the_error_of_tenacity_with_its_last_attempt() -> None:
    with pytest.raises(tenacity.RetryError) as caught:
        retry_calling(POLICY, exhausted=tenacity.RetryError)(failing(9))()
    last = caught.value.last_attempt
    assert (last.attempt_number, str(last.exception())) == (3, "reset")
    assert caught.value.__cause__ is last.exception()


def test_exhaustion_on_values_raises_the_error_of_tenacity_even_where_errors_are_raised_as_they_are() -> None:
    decorate = retry_calling(VALUES, exhausted=tenacity.RetryError, reraise=True)
    with pytest.raises(tenacity.RetryError) as caught:
        decorate(dict[str, None]().get)("page")
    assert caught.value.last_attempt.result() is None
    with pytest.raises(OSError, match="reset"):
        decorate(failing(9))()


def test_exhaustion_raises_the_error_of_retrying_with_its_last_attempt() -> None:
    decorate = retry_calling(VALUES, exhausted=retrying.RetryError)
    with pytest.raises(retrying.RetryError) as caught:
        decorate(failing(9))()
    last: Any = caught.value.last_attempt
    assert (last.attempt_number, last.has_exception, last.value[0]) == (3, True, OSError)
    with pytest.raises(retrying.RetryError) as caught:
        decorate(dict[str, None]().get)("page")
    last = caught.value.last_attempt
    assert (last.attempt_number, last.has_exception, last.value) == (3, False, None)


def test_exhaustion_raises_an_error_of_ones_own_from_the_operation_s() -> None:
    with pytest.raises(ExhaustedError) as caught:
        retry_calling(POLICY, exhausted=ExhaustedError)(failing(9))()
    assert isinstance(caught.value.__cause__, OSError)


def test_what_is_not_retried_is_raised_as_it_is_and_calls_nothing() -> None:
    seen: list[CallState] = []

    def fetch() -> str:
        raise KeyError("page")

    with pytest.raises(KeyError):
        retry_calling(POLICY, after=seen.append, before_sleep=seen.append, exhausted=ExhaustedError)(fetch)()
    assert seen == []


def test_a_callback_may_ask_for_the_outcome_as_tenacity_answers_it() -> None:
    seen: list[Any] = []

    def learn(state: CallState) -> None:
        assert state.outcome is not None
        seen.append((state.outcome.failed, state.outcome.exception(), state.idle_for))
        with pytest.raises(OSError, match="reset"):
            state.outcome.result()

    retry_calling(POLICY, before_sleep=learn)(failing(2))()
    assert [(failed, str(error), idle) for failed, error, idle in seen] == [(True, "reset", 1.0), (True, "reset", 2.0)]


def test_the_record_of_retry_has_whole_seconds_as_whole_numbers(caplog: pytest.LogCaptureFixture) -> None:
    retry_logging(POLICY, LOGGER)(failing(1))()
    retry_logging(POLICY.replace(schedule=constant(0.5)), LOGGER)(failing(1))()
    assert caplog.messages == ["reset, retrying in 1 seconds...", "reset, retrying in 0.5 seconds..."]


def test_a_callable_without_a_name_is_told_by_its_repr(caplog: pytest.LogCaptureFixture) -> None:
    class Fetch:
        def __call__(self) -> str:
            return "page"

        def __repr__(self) -> str:
            return "<fetch>"

    caplog.set_level(logging.DEBUG)
    assert retry_calling(POLICY, before=(LOGGER, logging.DEBUG))(Fetch())() == "page"
    assert caplog.messages == ["Starting call to '<fetch>', this is the 1st time calling it."]
