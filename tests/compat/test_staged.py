"""A staged decorator: each call chooses between the old way and the new one."""

from __future__ import annotations

import asyncio
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import pytest

from mulligan import Policy, no_delay, retry
from mulligan.compat import either
from mulligan.compat.flag import VARIABLE
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = Policy(retry_on=OSError, schedule=no_delay(), max_attempts=3)


def once(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate as an old library might: no retry, and an attribute of its own."""

    @wraps(fn)
    def wrapper(*args: object, **kwargs: object) -> Any:
        return fn(*args, **kwargs)

    setattr(wrapper, "statistics", {})  # noqa: B010 - functions have no such attribute
    return wrapper


def failing(calls: list[int]) -> Callable[[], int]:
    @either("billing:fetch", legacy=once, modern=retry(POLICY))
    def fetch() -> int:
        calls.append(1)
        raise OSError

    return fetch


@pytest.mark.parametrize(("mode", "attempts"), [("", 3), ("modern", 3), ("legacy", 1), ("billing:*=legacy", 1)])
def test_each_call_chooses(mode: str, attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    fetch = failing(calls)
    monkeypatch.setenv(VARIABLE, mode)
    with pytest.raises(OSError):
        fetch()
    assert len(calls) == attempts


def test_a_coroutine_function_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    @either("billing:fetch", legacy=once, modern=retry(POLICY))
    async def fetch() -> int:
        calls.append(1)
        if len(calls) < 3:
            raise OSError
        return len(calls)

    assert iscoroutinefunction(fetch)
    assert asyncio.run(fetch()) == 3
    monkeypatch.setenv(VARIABLE, "legacy")
    calls.clear()
    with pytest.raises(OSError):
        asyncio.run(fetch())
    assert len(calls) == 1


def test_what_the_old_decorator_sets_stays() -> None:
    fetch = failing([])
    assert fetch.__name__ == "fetch"
    assert getattr(fetch, "statistics") == {}  # noqa: B009 - as above


def test_a_wrong_value_is_named_at_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = failing([])
    monkeypatch.setenv(VARIABLE, "legcay")
    with pytest.raises(ConfigError, match="legcay"):
        fetch()
