"""What retrying's shim does beyond the comparison: subclasses, replaced methods, memory, no overflow."""

from __future__ import annotations

import gc
import logging
import sys
import weakref
from typing import Any, cast

import pytest

from mulligan.compat import Diverged, listen
from mulligan.compat.flag import VARIABLE
from mulligan.compat.retrying import MAX_WAIT, Attempt, RetryError, Retrying, retry
from tests.compat.judges import is_none


class BoomError(Exception):
    """An error that can be referred to weakly."""


class Patient(Retrying):
    """Waits and judges in its own way."""

    def fixed_sleep(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> float:
        return 7000

    def stop_after_attempt(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> bool:
        return previous_attempt_number >= 3

    def should_reject(self, attempt: Attempt[Any]) -> bool:
        return attempt.has_exception or attempt.value != "page"


def two_seconds(attempt: int, elapsed: int) -> float:
    return 2000


def boom() -> None:
    raise BoomError


@pytest.mark.parametrize("mode", ["modern", "legacy", "shadow"])
def test_a_subclass_decides_in_every_mode(mode: str, sleeps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    events: list[Diverged] = []
    stop = listen(events.append)
    values = iter([1, "page"])

    def fetch() -> object:
        return next(values)

    assert Patient(wait_fixed=1, stop_max_attempt_number=9).call(fetch) == "page"
    with pytest.raises(BoomError):
        Patient(wait_fixed=1, stop_max_attempt_number=9).call(boom)
    stop()
    assert (sleeps, events) == ([7, 7, 7], [])


@pytest.mark.parametrize("mode", ["modern", "legacy", "shadow"])
def test_a_wait_that_was_replaced_counts(mode: str, sleeps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    retrying = Retrying(stop_max_attempt_number=3)
    monkeypatch.setattr(retrying, "wait", two_seconds)
    with pytest.raises(BoomError):
        retrying.call(boom)
    assert sleeps == [2, 2]


def test_nothing_but_the_error_keeps_the_last_attempt() -> None:
    kept: list[weakref.ref[BoomError]] = []

    def made() -> BoomError:
        error = BoomError()
        kept.append(weakref.ref(error))
        return error

    def fail() -> None:
        raise made()

    quiet = logging.getLogger("tests.quiet")
    quiet.setLevel(logging.CRITICAL)
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(BoomError) as caught:
            Retrying(stop_max_attempt_number=2, logger=quiet).call(fail)
        del caught
        assert [error() for error in kept] == [None, None]
    finally:
        gc.enable()


def test_an_exponential_delay_never_overflows() -> None:
    assert Retrying(wait_exponential_multiplier=0.5).wait(5000, 0) == MAX_WAIT


def test_an_error_around_a_value_says_so() -> None:
    with pytest.raises(RetryError, match=r"RetryError\[Attempts: 1, Value: None\]"):
        Retrying(stop_max_attempt_number=1, retry_on_result=is_none).call(dict[str, None]().get, "x")


def test_an_attempt_gives_its_value_or_raises_its_error() -> None:
    assert Attempt("page", 2, has_exception=False).get() == "page"
    error = BoomError("reset")
    try:
        raise error
    except BoomError:
        failed: Attempt[Any] = Attempt(cast("Any", sys.exc_info()), 3, has_exception=True)
    with pytest.raises(BoomError) as raised:
        failed.get()
    assert raised.value is error
    with pytest.raises(RetryError) as wrapped:
        failed.get(wrap_exception=True)
    assert wrapped.value.last_attempt is failed


def test_a_decorated_function_keeps_its_retrying_over_its_calls(sleeps: list[float]) -> None:
    made: list[int] = []

    def second(attempt: int, elapsed: int) -> bool:
        made.append(attempt)
        return attempt >= 2

    fetch = retry(wait_fixed=1000, stop_func=second)(boom)
    for _ in range(2):
        with pytest.raises(BoomError):
            fetch()
    assert (made, sleeps) == ([1, 2, 1, 2], [1, 1])


def test_its_own_stop_may_be_asked_directly() -> None:
    stop = Retrying(stop_max_attempt_number=3, stop_max_delay=500).stop
    assert [stop(1, 0), stop(3, 0), stop(1, 500)] == [False, True, True]
