"""A team's own helper: the shim calls, sleeps and answers as the helper does, in every mode; mistakes are named."""

from __future__ import annotations

import asyncio
import functools
import time
from datetime import timedelta
from inspect import iscoroutinefunction, signature
from typing import TYPE_CHECKING, Any

import pytest

from mulligan import ConfigError
from mulligan.compat import Diverged, helper, summary
from mulligan.compat.divergence import reset
from mulligan.compat.flag import VARIABLE
from mulligan.testing import run_virtual, virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence


def old(
    tries: int = 3, delay: float = 1, backoff: float = 1, exceptions: tuple[type[Exception], ...] = (Exception,)
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Retry as the team did."""

    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            pause = delay
            for left in reversed(range(tries)):
                try:
                    return fn(*args, **kwargs)
                except exceptions:
                    if not left:
                        raise
                    time.sleep(pause)
                    pause *= backoff
            return None

        return wrapper

    return decorate


def old_call(fn: Callable[..., Any], args: Sequence[Any] = (), *, retries: int = 2, pause_ms: int = 250) -> Any:
    for attempt in range(retries + 1):
        try:
            return fn(*args)
        except OSError:
            if attempt == retries:
                raise
            time.sleep(pause_ms / 1000)
    return None


async def old_async(fn: Callable[..., Awaitable[Any]], tries: int = 3, delay: float = 1) -> Any:
    for attempt in range(tries):
        try:
            return await fn()
        except OSError:
            if attempt == tries - 1:
                raise
            await asyncio.sleep(delay)
    return None


new = helper(engine=old, max_attempts="tries", base="delay", factor="backoff", retry_on="exceptions", unit="s")
new_call = helper(engine=old_call, max_retries="retries", base="pause_ms", unit="ms", operation="fn", args="args")
new_async = helper(engine=old_async, max_attempts="tries", base="delay", operation="fn")


def failing(times: int) -> Callable[[str], str]:
    calls: list[int] = []

    def fetch(page: str) -> str:
        calls.append(1)
        if len(calls) <= times:
            raise OSError(len(calls))
        return page * len(calls)

    return fetch


every_mode = pytest.mark.parametrize("mode", ["modern", "legacy", "shadow"])


@every_mode
def test_a_decorator_does_what_it_did(
    mode: str, sleeps: list[float], seen: list[Diverged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    assert new(tries=4, delay=1, backoff=2)(failing(2))("a") == "aaa"
    assert sleeps == [1, 2]
    with pytest.raises(OSError, match="2"):
        new(2, 5, exceptions=(OSError,))(failing(9))("a")
    assert sleeps == [1, 2, 5]
    with pytest.raises(OSError, match="1"):
        new(exceptions=(ValueError,))(failing(9))("a")
    assert (sleeps, seen) == ([1, 2, 5], [])
    assert [site.calls for site in summary()] == ([3] if mode == "shadow" else [])


@every_mode
def test_a_call_does_what_it_did(
    mode: str, sleeps: list[float], seen: list[Diverged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    assert new_call(failing(1), ["a"]) == "aa"
    with pytest.raises(OSError, match="2"):
        new_call(failing(9), ("a",), retries=1)
    assert (sleeps, seen) == ([0.25, 0.25], [])


@every_mode
def test_an_asynchronous_call_does_what_it_did(
    mode: str, seen: list[Diverged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    reset()

    async def main() -> tuple[str, float]:
        operation = failing(2)

        async def fetch() -> str:
            return operation("a")

        return await new_async(fetch), asyncio.get_running_loop().time()

    value, elapsed = run_virtual(main)
    assert value == "aaa"
    assert elapsed == pytest.approx(2)
    assert seen == []
    reset()


def test_a_helper_that_is_mapped_wrongly_diverges(
    sleeps: list[float], seen: list[Diverged], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here `tries` was taken for the number of retries, and the factor was forgotten."""
    monkeypatch.setenv(VARIABLE, "*=shadow")
    wrong = helper(engine=old, max_retries="tries", base="delay", retry_on="exceptions")
    with pytest.raises(OSError, match="3"):
        wrong(tries=3, delay=1, backoff=4)(failing(9))("a")
    assert sleeps == [1, 4]
    assert [(event.what, event.attempt) for event in seen] == [("delay", 2), ("decision", 3)]
    assert str(seen[0]).endswith("after attempt 2 the original waited 4.000 s; the engine waits 1.000 s")


def test_modern_mode_sleeps_in_virtual_time() -> None:
    with virtual_time() as clock:
        assert new()(failing(2))("a") == "aaa"
    assert clock.sleeps == [1.0, 1.0]


def test_the_shim_has_the_helper_s_signature_and_its_operation_s_name() -> None:
    assert signature(new) == signature(old)
    assert new.__doc__ == old.__doc__

    @new()
    def fetch(page: str) -> str:
        """Fetch a page."""
        return page

    assert (fetch.__name__, fetch.__doc__) == ("fetch", "Fetch a page.")


def test_a_helper_that_decorates_by_itself_is_served_too() -> None:
    def bare(fn: Any = None, tries: int = 3) -> Any:
        return old(tries)(fn) if fn else old(tries)

    decorated = helper(engine=bare, max_attempts="tries")(failing(2))
    assert decorated("a") == "aaa"


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"max_attempts": "attempts"}, "max_attempts='attempts': no parameter of the helper: give one of tries"),
        ({}, "either max_attempts or max_retries"),
        ({"max_attempts": "tries", "max_retries": "tries"}, "either max_attempts or max_retries"),
        ({"max_attempts": "tries", "unit": "min"}, "unit='min': give s or ms"),
    ],
)
def test_a_wrong_mapping_is_a_config_error(mapping: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        helper(engine=old, **mapping)


@pytest.mark.parametrize("tries", [0, 1.5, "3"])
def test_a_number_of_attempts_that_is_none_is_a_config_error(tries: Any) -> None:
    decorated = new(tries=tries)(failing(0))
    with pytest.raises(ConfigError, match="set legacy for the site"):
        decorated("a")


def test_a_call_that_has_no_policy_still_works_in_legacy_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "legacy")
    assert new(tries=0)(failing(0))("a") is None


def test_what_cannot_be_called_is_no_helper() -> None:
    with pytest.raises(ConfigError, match="give the helper itself"):
        helper(engine=None, max_attempts="tries")  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


def old_for_both(tries: int = 3, delay: float = 0) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Retry an async function as the team did."""

    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            for attempt in range(tries):
                try:
                    return await fn(*args, **kwargs)
                except Exception:
                    if attempt == tries - 1:
                        raise
                    await asyncio.sleep(delay)
            return None

        return wrapper

    return decorate


@every_mode
def test_a_decorated_async_function_does_what_it_did(
    mode: str, seen: list[Diverged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    operation = failing(2)

    @helper(engine=old_for_both, max_attempts="tries", base="delay")(tries=3, delay=1)
    async def fetch(page: str) -> str:
        return operation(page)

    async def main() -> tuple[str, float]:
        return await fetch("a"), asyncio.get_running_loop().time()

    assert iscoroutinefunction(fetch)
    value, elapsed = run_virtual(main)
    assert (value, round(elapsed, 6)) == ("aaa", 2)
    assert seen == []
    reset()


@pytest.mark.parametrize("endless", [None, -1, float("inf")])
def test_a_number_that_never_stops_is_unlimited(endless: Any) -> None:
    with virtual_time():
        assert new(tries=endless)(failing(9))("a") == "a" * 10


def test_a_list_of_types_and_lengths_of_time_as_such_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "modern")
    any_delay: Any = timedelta(seconds=2)
    any_types: Any = [OSError]
    with virtual_time() as clock:
        assert new(delay=any_delay, exceptions=any_types)(failing(1))("a") == "aa"
    assert clock.sleeps == [2.0]
