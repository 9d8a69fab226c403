"""What backoff's shim does at the ends of its waits, with old jitters, and in asynchronous code."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from mulligan.compat import Diverged, backoff
from mulligan.compat.flag import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Generator


def once(value: float = 0.0) -> Generator[float, Any, None]:
    """Give one delay."""
    yield 0.0
    yield value


class Failing:
    """Raises as often as it is called, or answers nothing."""

    __name__ = __qualname__ = "operation"

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.calls = error, 0

    def __call__(self) -> object:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return None


def test_where_the_waits_end_the_last_value_is_answered_and_told_without_it() -> None:
    told: list[Any] = []
    operation = Failing()
    fetch = backoff.on_predicate(once, jitter=None, on_giveup=told.append, logger=None)(operation)
    assert fetch() is None
    assert operation.calls == 2
    assert "value" not in told[0]


def test_where_the_waits_end_an_async_error_is_raised_whatever_raise_on_giveup_says() -> None:
    told: list[Any] = []
    operation = Failing(OSError("reset"))

    @backoff.on_exception(once, OSError, jitter=None, raise_on_giveup=False, on_giveup=told.append, logger=None)
    async def fetch() -> object:
        return operation()

    with pytest.raises(OSError, match="reset"):
        asyncio.run(fetch())
    assert operation.calls == 2
    assert isinstance(told[0]["exception"], OSError)


def test_raise_on_giveup_false_answers_none_in_async_code() -> None:
    @backoff.on_exception(backoff.constant, OSError, interval=0, max_tries=2, raise_on_giveup=False, logger=None)
    async def fetch() -> object:
        raise OSError

    assert asyncio.run(fetch()) is None


def test_a_jitter_without_an_argument_is_added_and_warned_of() -> None:
    waits: list[float] = []
    decorate = backoff.on_exception(
        backoff.constant,
        OSError,
        interval=0,
        jitter=lambda: 0,  # type: ignore[arg-type,misc]  # pyright: ignore[reportArgumentType] - the deprecated form
        max_tries=2,
        on_backoff=lambda details: waits.append(details.get("wait", -1)),
        logger=None,
    )
    with pytest.warns(DeprecationWarning, match="Nullary jitter"), pytest.raises(OSError, match="reset"):
        decorate(Failing(OSError("reset")))()
    assert waits == [0]


@pytest.mark.parametrize("raises", [True, False])
def test_shadow_agrees_where_the_waits_end(
    monkeypatch: pytest.MonkeyPatch, seen: list[Diverged], *, raises: bool
) -> None:
    monkeypatch.setenv(VARIABLE, "shadow")
    operation = Failing(OSError("reset"))
    fetch = backoff.on_exception(once, OSError, jitter=None, raise_on_giveup=raises, logger=None)(operation)
    with pytest.raises(OSError, match="reset"):
        fetch()
    assert operation.calls == 2
    assert not seen


def test_shadow_agrees_where_the_original_stops_before_it_draws(
    monkeypatch: pytest.MonkeyPatch, seen: list[Diverged]
) -> None:
    monkeypatch.setenv(VARIABLE, "shadow")
    asked: list[OSError] = []

    def giveup(error: OSError) -> bool:
        asked.append(error)
        return False

    decorate = backoff.on_exception(backoff.expo, OSError, max_time=lambda: 0, giveup=giveup, logger=None)
    operation = Failing(OSError("reset"))
    with pytest.raises(OSError, match="reset"):
        decorate(operation)()
    assert operation.calls == len(asked) == 1
    assert not seen


def test_shadow_agrees_with_an_async_original(monkeypatch: pytest.MonkeyPatch, seen: list[Diverged]) -> None:
    monkeypatch.setenv(VARIABLE, "shadow")

    @backoff.on_exception(backoff.constant, OSError, interval=0, jitter=None, max_tries=2, logger=None)
    async def fetch() -> object:
        raise OSError("reset")

    with pytest.raises(OSError, match="reset"):
        asyncio.run(fetch())
    assert not seen
