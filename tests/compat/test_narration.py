"""Executions on shims tell the listeners of every execution what executors tell, in the mode that runs the engine."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from mulligan.compat import backoff, helper, retry, retrying
from mulligan.compat.divergence import reset
from mulligan.compat.flag import VARIABLE
from mulligan.compat.retry.api import retry_call
from mulligan.events import AttemptEnded, Finished, Retrying
from mulligan.observe import use
from mulligan.testing import run_virtual, virtual_time
from tests.observe.recording import Recorder, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ERROR = OSError("reset")
SITE = f"{__name__}:fetch"


def fetching(outcomes: list[object]) -> Callable[[], Any]:
    """Answer an operation that does what a list says; the last entry again and again."""
    left = list(outcomes)

    def fetch() -> object:
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    fetch.__qualname__ = "fetch"
    return fetch


def asynchronous(fetch: Callable[[], Any]) -> Callable[[], Any]:
    async def afetch() -> object:
        return fetch()

    afetch.__qualname__ = "fetch"
    return afetch


def own(
    fn: Callable[[], Any], tries: int = 3, delay: float = 1, exceptions: tuple[type[Exception], ...] = (OSError,)
) -> Any:
    """Stand for a team's helper, whose loop is not run here."""
    return fn()


ON_ERROR = backoff.on_exception(backoff.constant, OSError, max_tries=3, interval=1, jitter=None, logger=None)
ON_VALUE = backoff.on_predicate(backoff.constant, max_tries=3, interval=1, jitter=None, logger=None)
OWN = helper(engine=own, max_attempts="tries", base="delay", retry_on="exceptions", operation="fn")


def timed(call: Callable[[Callable[[], Any]], Any]) -> Callable[[Callable[[], Any]], Any]:
    """Answer the call in virtual time; asynchronous calls have a loop with a virtual time of its own."""

    def in_virtual_time(fetch: Callable[[], Any]) -> Any:
        with virtual_time(foreign=True):
            return call(fetch)

    return in_virtual_time


BY_ERROR: dict[str, Callable[[Callable[[], Any]], Any]] = {
    "retry": timed(lambda fetch: retry.retry(OSError, tries=3, delay=1)(fetch)()),
    "retry_call": timed(lambda fetch: retry_call(fetch, exceptions=OSError, tries=3, delay=1)),
    "retrying": timed(
        lambda fetch: retrying.Retrying(stop_max_attempt_number=3, wait_fixed=1000, retry_on_exception=(OSError,)).call(
            fetch
        )
    ),
    "backoff": timed(lambda fetch: ON_ERROR(fetch)()),
    "backoff, async": lambda fetch: run_virtual(ON_ERROR(asynchronous(fetch))),
    "helper": timed(OWN),
}
BY_VALUE: dict[str, Callable[[Callable[[], Any]], Any]] = {
    "retrying": timed(
        lambda fetch: retrying.Retrying(
            stop_max_attempt_number=3, wait_fixed=1000, retry_on_result=lambda value: value is None
        ).call(fetch)
    ),
    "backoff": timed(lambda fetch: ON_VALUE(fetch)()),
    "backoff, async": lambda fetch: run_virtual(ON_VALUE(asynchronous(fetch))),
}
every_shim = pytest.mark.parametrize("call", BY_ERROR.values(), ids=BY_ERROR)
every_shim_of_values = pytest.mark.parametrize("call", BY_VALUE.values(), ids=BY_VALUE)


@pytest.fixture
def heard() -> Generator[Recorder]:
    """Hear every execution."""
    recorder = Recorder()
    with use(recorder):
        yield recorder
    recorder.check()
    reset()


@every_shim
def test_an_execution_that_succeeds_at_last_is_told(call: Callable[..., Any], heard: Recorder) -> None:
    assert call(fetching([ERROR, "page"])) == "page"
    assert shape(heard.events) == ["start 1", "transient", "retrying", "start 2", "accepted", "finished accepted"]
    match heard.events:
        case [_, AttemptEnded(error=first), Retrying(error=told, delay=delay), *_, Finished(attempts=attempts)]:
            assert (first, told, delay, attempts) == (ERROR, ERROR, 1.0, 2)
        case _:
            pytest.fail("the events are of other kinds")
    assert {event.policy for event in heard.events} == {SITE}


@every_shim
def test_an_execution_that_uses_its_attempts_up_is_told(call: Callable[..., Any], heard: Recorder) -> None:
    with pytest.raises(OSError, match="reset"):
        call(fetching([ERROR]))
    assert shape(heard.events)[-3:] == ["start 3", "transient", "finished max_attempts"]
    assert isinstance(end := heard.events[-1], Finished)
    assert (end.raised, end.error, end.attempts, end.elapsed) == (ERROR, OSError, 3, 2.0)


@every_shim
def test_an_error_that_is_not_retried_is_told(call: Callable[..., Any], heard: Recorder) -> None:
    with pytest.raises(KeyError):
        call(fetching([KeyError("page")]))
    assert shape(heard.events) == ["start 1", "failed", "finished not_retryable"]


@every_shim
def test_control_flow_is_told(call: Callable[..., Any], heard: Recorder) -> None:
    with pytest.raises(KeyboardInterrupt):
        call(fetching([ERROR, KeyboardInterrupt()]))
    assert shape(heard.events)[-3:] == ["start 2", "cancelled", "finished not_retryable"]


@every_shim_of_values
def test_values_are_told(call: Callable[..., Any], heard: Recorder) -> None:
    assert call(fetching([None, "page"])) == "page"
    assert shape(heard.events) == ["start 1", "transient", "retrying", "start 2", "accepted", "finished accepted"]
    assert isinstance(event := heard.events[2], Retrying)
    assert (event.error, event.value) == (None, None)


@every_shim_of_values
def test_values_that_use_the_attempts_up_are_told(call: Callable[..., Any], heard: Recorder) -> None:
    with suppress(retrying.RetryError):
        assert call(fetching([None])) is None
    assert shape(heard.events)[-3:] == ["start 3", "transient", "finished max_attempts"]


def test_a_cancelled_sleep_interrupts_the_execution() -> None:
    recorder = Recorder()

    async def main() -> None:
        task = asyncio.ensure_future(ON_ERROR(asynchronous(fetching([ERROR])))())
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with use(recorder):
        run_virtual(main)
    assert shape(recorder.events) == ["start 1", "transient", "retrying", "finished interrupted"]


def test_an_error_that_is_wrapped_is_told_as_it_is(heard: Recorder) -> None:
    error = KeyError("page")
    with pytest.raises(retrying.RetryError):
        retrying.Retrying(retry_on_exception=(OSError,), wrap_exception=True).call(fetching([error]))
    assert isinstance(end := heard.events[-1], Finished)
    assert end.raised is error


def test_an_error_that_is_swallowed_is_no_success(heard: Recorder) -> None:
    assert retry_call(fetching([ERROR]), tries=3, on_exception=lambda error: True) is None
    assert shape(heard.events) == ["start 1", "failed", "finished not_retryable"]


def test_a_call_without_attempts_tells_nothing(heard: Recorder) -> None:
    assert retry_call(fetching(["page"]), tries=0) is None
    assert heard.events == []


def test_an_operator_s_switch_is_told(heard: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    from mulligan.executors import switch

    monkeypatch.setattr(switch, "disabled", True)
    with pytest.raises(OSError, match="reset"):
        retry_call(fetching([ERROR]))
    assert shape(heard.events) == ["start 1", "transient", "finished disabled"]


@pytest.mark.parametrize("mode", ["legacy", "shadow"])
@every_shim
def test_what_an_original_does_is_not_told(
    call: Callable[..., Any], mode: str, heard: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    call(fetching(["page"]))
    assert heard.events == []
