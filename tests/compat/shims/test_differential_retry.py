"""retry and its shim do the same, whatever the arguments and the faults."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan.compat.retry import api as shim
from tests.compat.differential import Script, Seen, played
from tests.compat.examples import EXAMPLES
from tests.compat.judges import is_os_error, one_of, options

if TYPE_CHECKING:
    from collections.abc import Callable

original: Any = import_module("retry.api")  # it has no types
SECONDS = st.one_of(st.integers(0, 20), st.floats(0, 20))
OUTCOMES = st.lists(
    one_of(OSError, ValueError, KeyError, TypeError, KeyboardInterrupt, None, "page"), min_size=1, max_size=8
)
OPTIONS = options(
    {
        "exceptions": one_of(OSError, (OSError, ValueError), Exception, (), [OSError]),
        "tries": one_of(-1, 0, 1, 2, 3, 7, 1.5, 3.0, float("inf"), True),
        "delay": st.one_of(SECONDS, st.just(-1)),
        "max_delay": st.one_of(st.none(), SECONDS),
        "backoff": st.one_of(st.integers(0, 3), st.floats(0, 3)),
        "jitter": st.one_of(SECONDS, st.tuples(SECONDS, SECONDS), st.floats(-3, 0)),
        "logger": st.none(),
    },
)


def _call(library: Any, options: dict[str, Any], form: str, script: Script, seen: Seen) -> object:
    def fetch(page: object, *, size: object = 3) -> object:
        return script(page, size=size)

    if form == "call":
        return library.retry_call(fetch, fargs=[1], fkwargs={"size": 2}, **options)
    if form == "positional":
        return library.retry_call(fetch, [1], **options)
    return library.retry(**options)(fetch)(1)


@EXAMPLES
@given(OPTIONS, OUTCOMES, st.integers(0, 99), one_of("call", "decorator", "positional"))
def test_it_does_what_the_original_does(options: dict[str, Any], outcomes: list[object], seed: int, form: str) -> None:
    def play(library: Any) -> list[tuple[object, ...]]:
        return played(partial(_call, library, options, form), outcomes, seconds=0.1, seed=seed, loggers=["retry.api"])

    assert play(shim) == play(original)


def _decorated(library: Any) -> Callable[..., object]:
    def fetch(page: str, *, size: int = 3) -> str:
        """Fetch a page."""
        return page * size

    decorated: Callable[..., object] = library.retry(tries=2)(fetch)
    return decorated


def test_a_decorated_function_keeps_its_name_and_signature() -> None:
    ours, theirs = _decorated(shim), _decorated(original)
    assert signature(ours) == signature(theirs)
    assert (ours.__name__, ours.__doc__) == (theirs.__name__, theirs.__doc__)


@pytest.mark.parametrize("library", [shim, original])
def test_wrong_arguments_are_not_retried(library: Any) -> None:
    with pytest.raises(TypeError, match="page"):
        library.retry()(_decorated(library))(pages=1)


def test_a_predicate_of_retry2_swallows_and_its_log_is_retry2_s(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise OSError("disk full")

    assert shim.retry_call(fail, tries=3, on_exception=is_os_error) is None
    with pytest.raises(OSError, match="disk full"):
        shim.retry_call(fail, tries=2, log_traceback=True)
    messages = [record.getMessage() for record in caplog.records]
    assert messages[0] == f"OSError: disk full in {__name__}.{fail.__qualname__}, retrying in 0 seconds..."
    assert messages[1].startswith("Traceback (most recent call last):")
