"""backoff and its shim do the same, in both worlds, whatever the arguments and the faults."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan.compat import backoff as shim
from tests.compat.differential import CutOff, Script, Seen, played
from tests.compat.examples import EXAMPLES
from tests.compat.judges import half, is_none, length, one_of, options, says_three, two

if TYPE_CHECKING:
    from collections.abc import Callable

original: Any = import_module("backoff")
SECONDS = st.one_of(st.integers(0, 20), st.floats(0, 20))
OUTCOMES = st.lists(one_of(OSError, ValueError, KeyError, KeyboardInterrupt, None, 0, "page"), min_size=1, max_size=8)
WAITS = st.one_of(
    st.tuples(
        st.just("expo"),
        st.fixed_dictionaries(
            {},
            optional={
                "base": one_of(2, 1.5, 3),
                "factor": one_of(1, 0.1, two),
                "max_value": SECONDS,
            },
        ),
    ),
    st.tuples(st.just("fibo"), options({"max_value": SECONDS})),
    st.tuples(
        st.just("constant"),
        options({"interval": st.one_of(SECONDS, st.lists(SECONDS, max_size=4))}),
    ),
    st.tuples(st.just("runtime"), st.fixed_dictionaries({"value": st.just(length)})),
    st.tuples(st.just("expo"), st.just({"unknown": 1})),
)
COMMON = {
    "max_tries": st.one_of(st.integers(-1, 7), st.just(two), st.just(2.0)),
    "max_time": st.one_of(SECONDS, st.just(two), st.just(0)),
    "jitter": one_of(None, "full_jitter", "random_jitter", half),
    "logger": one_of(None, "tests.backoff"),
    "backoff_log_level": st.just(30),
    "giveup_log_level": st.just(20),
}
ON_EXCEPTION = options(
    COMMON | {"giveup": st.just(says_three), "raise_on_giveup": st.booleans()},
)
ON_PREDICATE = options(COMMON | {"predicate": st.just(is_none)})


def _noting(seen: Seen, what: str) -> Callable[[dict[str, Any]], None]:
    def note(details: dict[str, Any]) -> None:
        seen.note(what, *sorted((name, str(value)) for name, value in details.items() if name != "target"))
        seen.note("target", details["target"].__name__)

    return note


def _decorated(
    library: Any, on: str, wait: tuple[str, dict[str, Any]], options: dict[str, Any], hooks: bool, seen: Seen
) -> Callable[..., Any]:
    jitter = options.get("jitter")
    if isinstance(jitter, str):
        options = options | {"jitter": getattr(library, jitter)}
    if hooks:
        options = options | {what: [_noting(seen, what)] for what in ("on_success", "on_backoff")}
        options = options | {"on_giveup": _noting(seen, "on_giveup")}
    wait_gen = getattr(library, wait[0])
    arguments = (wait_gen, (OSError, ValueError)) if on == "on_exception" else (wait_gen,)
    decorate: Callable[..., Any] = getattr(library, on)(*arguments, **options, **wait[1])
    return decorate


def _run(make: Callable[[Seen], Callable[..., Any]], script: Script, seen: Seen) -> object:
    def fetch(page: object) -> object:
        return script(page)

    return make(seen)(fetch)(1)


def _run_async(make: Callable[[Seen], Callable[..., Any]], script: Script, seen: Seen) -> object:
    async def fetch(page: object) -> object:
        return script(page)

    awaited: Any = make(seen)(fetch)(1)
    try:
        awaited.send(None)
    except StopIteration as done:
        return done.value
    raise CutOff


@EXAMPLES
@given(
    st.one_of(st.tuples(st.just("on_exception"), ON_EXCEPTION), st.tuples(st.just("on_predicate"), ON_PREDICATE)),
    WAITS,
    OUTCOMES,
    one_of(0.0, 0.5, 3),
    st.integers(0, 99),
    st.booleans(),
    one_of(_run, _run_async),
)
def test_it_does_what_the_original_does(
    decorator: tuple[str, dict[str, Any]],
    wait: tuple[str, dict[str, Any]],
    outcomes: list[object],
    seconds: float,
    seed: int,
    hooks: bool,
    world: Callable[..., object],
) -> None:
    def play(library: Any) -> list[tuple[object, ...]]:
        make = partial(_decorated, library, decorator[0], wait, decorator[1], hooks)
        return played(partial(world, make), outcomes, seconds=seconds, seed=seed, loggers=["backoff", "tests.backoff"])

    assert play(shim) == play(original)


def test_a_shared_decorator_logs_each_event_once(caplog: pytest.LogCaptureFixture) -> None:
    """The original logs once more for every further function."""
    decorate = shim.on_exception(shim.constant, OSError, max_tries=2, interval=0, jitter=None)

    def fail() -> None:
        raise OSError("disk full")

    decorate(fail)
    with pytest.raises(OSError, match="disk full"):
        decorate(fail)()
    assert len(caplog.records) == 2


def test_handlers_and_giveup_may_be_coroutine_functions() -> None:
    seen: list[str] = []

    async def giveup(error: Exception) -> bool:
        seen.append("giveup")
        return str(error) == "2"

    async def tell(details: Any) -> None:
        seen.append("backoff")

    @shim.on_exception(shim.constant, OSError, interval=0, jitter=None, giveup=giveup, on_backoff=tell)
    async def fail() -> None:
        raise OSError(str(seen.count("backoff") + 1))

    with pytest.raises(OSError, match="2"):
        asyncio.run(fail())
    assert seen == ["giveup", "backoff", "giveup"]
