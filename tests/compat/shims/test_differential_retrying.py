"""retrying and its shim do the same, whatever the arguments and the faults."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mulligan.compat import retrying as shim
from tests.compat.differential import Script, Seen, played
from tests.compat.examples import EXAMPLES
from tests.compat.judges import growing, is_none, is_os_error, is_zero, late, no_answer, one_of, options

if TYPE_CHECKING:
    from collections.abc import Callable

original: Any = import_module("retrying")  # it has no types
MILLISECONDS = st.one_of(st.integers(0, 5000), st.floats(0, 5000))
OUTCOMES = st.lists(one_of(OSError, ValueError, KeyError, KeyboardInterrupt, None, 0, "page"), min_size=1, max_size=8)


def _noting(seen: Seen, what: str) -> Callable[[int], None]:
    return lambda number: seen.note(what, number)


PLAIN = options(
    {
        "stop": one_of("stop_after_attempt", "stop_after_delay"),
        "wait": one_of("no_sleep", "fixed_sleep", "random_sleep", "incrementing_sleep", "exponential_sleep"),
        "stop_max_attempt_number": st.one_of(st.integers(-1, 9), st.floats(0, 5)),
        "stop_max_delay": MILLISECONDS,
        "wait_fixed": MILLISECONDS,
        "wait_random_min": st.integers(0, 2000),
        "wait_random_max": st.integers(0, 2000),
        "wait_incrementing_start": st.integers(-500, 2000),
        "wait_incrementing_increment": st.integers(-500, 500),
        "wait_incrementing_max": MILLISECONDS,
        "wait_exponential_multiplier": MILLISECONDS,
        "wait_exponential_max": MILLISECONDS,
        "retry_on_exception": st.sampled_from(
            [
                (OSError,),
                (OSError, ValueError),
                is_os_error,
                no_answer,
                ValueError,
            ]
        ),
        "retry_on_result": one_of(is_none, is_zero, no_answer),
        "wrap_exception": st.booleans(),
        "stop_func": st.just(late),
        "wait_func": st.just(growing),
        "wait_jitter_max": MILLISECONDS,
    },
)


def _run(library: Any, options: dict[str, Any], hooks: bool, form: str, script: Script, seen: Seen) -> object:
    if hooks:
        options = options | {"before_attempts": _noting(seen, "before"), "after_attempts": _noting(seen, "after")}
    if form == "call":
        return library.Retrying(**options).call(script, 1, page=2)
    decorated = library.retry(**options)(partial(script, 1)) if options else library.retry(script)
    return decorated(page=2) if options else decorated(1, page=2)


@EXAMPLES
@given(
    PLAIN,
    OUTCOMES,
    one_of(0.0, 0.05, 0.7),
    st.integers(0, 99),
    st.booleans(),
    one_of("call", "decorator"),
)
@example({"stop_max_delay": 5e-324}, [OSError], 0.0, 0, False, "call")
@example({"stop_max_delay": 1000.0000000000001}, [OSError], 1.0, 0, False, "call")
def test_it_does_what_the_original_does(
    options: dict[str, Any], outcomes: list[object], seconds: float, seed: int, hooks: bool, form: str
) -> None:
    def play(library: Any) -> list[tuple[object, ...]]:
        return played(
            partial(_run, library, options, hooks, form), outcomes, seconds=seconds, seed=seed, loggers=["retrying"]
        )

    assert play(shim) == play(original)


def test_the_last_attempt_says_what_it_was() -> None:
    def fail() -> None:
        raise OSError("disk full")

    caught: list[Any] = []
    for library in (shim, original):
        with pytest.raises(library.RetryError) as raised:
            library.Retrying(stop_max_attempt_number=2, wrap_exception=True).call(fail)
        caught.append(raised.value)
    ours, theirs = caught
    assert ours.last_attempt.attempt_number == theirs.last_attempt.attempt_number == 2
    assert [type(error.last_attempt.value[1]) for error in caught] == [OSError, OSError]
    assert str(ours).splitlines()[0] == str(theirs).splitlines()[0]
