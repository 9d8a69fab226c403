"""In shadow mode a call does what it does without, and the engine beside it finds no divergence."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from mulligan.compat import Diverged, backoff, listen, retry, retrying, summary
from mulligan.compat.divergence import reset
from tests.compat.differential import Script, Seen, played
from tests.compat.examples import EXAMPLES
from tests.compat.judges import growing, half, is_none, is_os_error, late, one_of, options, says_three

if TYPE_CHECKING:
    from collections.abc import Callable

OUTCOMES = st.lists(one_of(OSError, ValueError, KeyError, None, "page"), min_size=1, max_size=8)
SECONDS = st.integers(0, 20)
RETRY = options(
    {
        "exceptions": one_of(OSError, (OSError, ValueError)),
        "delay": SECONDS,
        "max_delay": SECONDS,
        "backoff": st.integers(0, 3),
        "jitter": st.one_of(SECONDS, st.tuples(SECONDS, SECONDS)),
    }
)
RETRYING = options(
    {
        "stop_max_delay": st.integers(500, 5000),
        "wait_fixed": st.integers(0, 2000),
        "wait_random_max": st.integers(0, 2000),
        "wait_incrementing_start": st.integers(0, 2000),
        "wait_exponential_multiplier": st.integers(0, 500),
        "wait_jitter_max": st.integers(0, 500),
        "retry_on_exception": one_of((OSError, ValueError), is_os_error),
        "retry_on_result": one_of(is_none),
        "wrap_exception": st.booleans(),
        "stop_func": one_of(late),
        "wait_func": one_of(growing),
    }
)
BACKOFF = options(
    {
        "max_time": st.integers(1, 60),
        "jitter": one_of(None, half, backoff.full_jitter, backoff.random_jitter),
        "giveup": one_of(says_three),
        "raise_on_giveup": st.booleans(),
    }
)
WAITS = one_of(
    (backoff.expo, {"factor": 0.5}),
    (backoff.fibo, {}),
    (backoff.constant, {"interval": (1, 2, 3)}),
    (backoff.constant, {}),
)


def _retry(given_options: dict[str, Any], tries: int, script: Script, seen: Seen) -> object:
    return retry.retry_call(script, tries=tries, **given_options)


def _retrying(given_options: dict[str, Any], tries: int, script: Script, seen: Seen) -> object:
    return retrying.Retrying(stop_max_attempt_number=tries, **given_options).call(script)


def _backoff(wait: Any, given_options: dict[str, Any], tries: int, script: Script, seen: Seen) -> object:
    def fetch() -> object:
        return script()

    decorate = backoff.on_exception(wait[0], (OSError, ValueError), max_tries=tries, **wait[1], **given_options)
    return decorate(fetch)()


def _compare(run: Callable[[Script, Seen], object], outcomes: list[object], loggers: list[str]) -> list[Diverged]:
    events: list[Diverged] = []
    stop = listen(events.append)
    played_in: dict[str, list[tuple[object, ...]]] = {}

    def timed(script: Script, seen: Seen) -> object:
        world = script.world
        assert world is not None
        with mock.patch.object(time, "monotonic", world.time):
            return run(script, seen)

    try:
        for mode in ("legacy", "shadow"):
            with mock.patch.dict(os.environ, {"MULLIGAN_MODE": mode}):
                played_in[mode] = played(timed, outcomes, seconds=0.0, seed=7, loggers=loggers)
        assert [site.calls for site in summary()] == [1]
    finally:
        stop()
        reset()
    assert played_in["shadow"] == played_in["legacy"]
    return events


@EXAMPLES
@given(RETRY, st.integers(1, 7), OUTCOMES)
def test_retry(given_options: dict[str, Any], tries: int, outcomes: list[object]) -> None:
    assert _compare(partial(_retry, given_options, tries), outcomes, ["retry.api"]) == []


@EXAMPLES
@given(RETRYING, st.integers(1, 7), OUTCOMES)
def test_retrying(given_options: dict[str, Any], tries: int, outcomes: list[object]) -> None:
    assert _compare(partial(_retrying, given_options, tries), outcomes, ["retrying"]) == []


@EXAMPLES
@given(WAITS, BACKOFF, st.integers(1, 7), OUTCOMES)
def test_backoff(wait: Any, given_options: dict[str, Any], tries: int, outcomes: list[object]) -> None:
    assert _compare(partial(_backoff, wait, given_options, tries), outcomes, ["backoff"]) == []
