"""What the type checkers infer of shims: a decorated function keeps its type, a call answers its operation's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, assert_type

import pytest

from mulligan.compat import backoff, helper, retry, retrying

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@retrying.retry(stop_max_attempt_number=2)
def with_retrying(page: str, *, size: int = 1) -> bytes:
    return page.encode() * size


@retrying.retry
def with_bare_retrying(page: str) -> bytes:
    return page.encode()


@retry.retry(OSError, tries=2)
def with_retry(page: str, *, size: int = 1) -> bytes:
    return page.encode() * size


@backoff.on_exception(backoff.expo, OSError, max_tries=2)
def with_backoff(page: str, *, size: int = 1) -> bytes:
    return page.encode() * size


@backoff.on_predicate(backoff.constant, interval=1, max_tries=2)
async def with_async_backoff(page: str) -> bytes:
    return page.encode()


def test_a_decorated_function_keeps_its_type() -> None:
    assert_type(with_retrying("a", size=2), bytes)
    assert_type(with_bare_retrying("a"), bytes)
    assert_type(with_retry("a", size=2), bytes)
    assert_type(with_backoff("a", size=2), bytes)
    assert assert_type(asyncio.run(with_async_backoff("a")), bytes) == b"a"


def test_wrong_arguments_are_type_errors() -> None:
    with pytest.raises(TypeError):
        with_retry(1, 2)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    with pytest.raises(TypeError):
        retrying.Retrying(stop_max_attempt_number=1).call(len)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_a_call_answers_what_its_operation_answers() -> None:
    assert_type(retrying.Retrying().call(len, "abc"), int)
    assert_type(retry.retry_call(len, ["abc"]), int)


def test_a_wait_generator_gives_floats() -> None:
    waits: Generator[float, Any, None] = backoff.expo()
    waits.send(None)
    assert_type(next(waits), float)


def encoded(page: str) -> bytes:
    return page.encode()


def old(tries: int = 3) -> Callable[[Callable[[str], bytes]], Callable[[str], bytes]]:
    return lambda fn: fn


def test_a_helper_s_shim_has_the_helper_s_type() -> None:
    new = helper(engine=old, max_attempts="tries")
    assert_type(new(tries=2)(encoded)("a"), bytes)
    with pytest.raises(TypeError):
        new(attempts=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
