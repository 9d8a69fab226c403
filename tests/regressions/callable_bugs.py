"""Bugs of other retry libraries with what they decorate and ask: generators, coroutines, predicates."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import backoff
import stamina
import tenacity

from mulligan import (
    Policy,
    execute,
    retry,
)
from tests.regressions.bug import POLICY, RETRYING, THRICE, Bug, counting, fails

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator

__all__ = ["CALLABLE_BUGS"]


def lines(calls: list[int]) -> Callable[[], Iterator[int]]:
    """Answer a generator function that fails in its first run, after two items."""

    def generate() -> Iterator[int]:
        calls.append(1)
        yield 1
        yield 2
        if len(calls) == 1:
            raise ConnectionError
        yield 3

    return generate


def a_generator_is_decorated(decorate: Callable[[Callable[[], Iterator[int]]], Callable[[], Iterator[int]]]) -> bool:
    """Tell whether a generator is taken and its errors pass, or its items come twice."""
    try:
        decorated = decorate(lines([]))
    except TypeError:
        return False
    try:
        return list(decorated()) != [1, 2, 3]
    except ConnectionError:
        return True


def bodies_errors_are_retried(
    decorate: Callable[[Callable[[], Generator[int, None, None]]], Callable[[], Generator[int, None, None]]],
) -> bool:
    """Tell whether the error of a `with` body reaches the decorated generator of its context manager."""

    def generate() -> Generator[int, None, None]:
        yield 1

    try:
        manager = contextmanager(decorate(generate))
    except TypeError:
        return False
    try:
        with manager():
            raise ConnectionError("body")
    except ConnectionError:
        return False
    except RuntimeError:
        return True


def a_lambda_gets_one_attempt(
    decorate: Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]],
) -> bool:
    """Tell whether a lambda that answers a coroutine is silently attempted once."""
    calls: list[int] = []

    async def operation() -> None:
        calls.append(1)
        raise ConnectionError

    async def main() -> None:
        await decorate(lambda: operation())()  # noqa: PLW0108 - the lambda is the point

    try:
        asyncio.run(main())
    except ConnectionError:
        return len(calls) == 1
    except TypeError:
        return False
    return False


async def never(value: object) -> bool:
    return False


def backoff_takes_a_coroutine_for_true() -> bool:
    calls: list[int] = []

    async def operation() -> int:
        calls.append(1)
        return 7

    wrap = backoff.on_predicate(
        backoff.constant,
        never,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        max_tries=3,
        interval=0,
        jitter=None,
        logger=None,
    )
    asyncio.run(wrap(operation)())
    return len(calls) > 1


def ours_takes_a_coroutine_for_true() -> bool:
    try:
        Policy(retry_if=never)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    except ValueError:
        return False
    return True


def retrying_fails_on_a_class() -> bool:
    wrap = RETRYING(retry_on_exception=ConnectionError, stop_max_attempt_number=2)
    try:
        fails(wrap(counting([])))
    except TypeError:
        return True
    return False


def ours_fails_on_a_class() -> bool:
    calls: list[int] = []
    fails(lambda: execute(POLICY, counting(calls)))
    return len(calls) != 3


CALLABLE_BUGS = (
    Bug(
        what="a generator is decorated and its errors are never retried",
        library="tenacity",
        original=lambda: a_generator_is_decorated(tenacity.retry(stop=THRICE, reraise=True)),
        ours=lambda: a_generator_is_decorated(retry(POLICY)),
    ),
    Bug(
        what="a generator is started again and repeats its items",
        library="stamina",
        original=lambda: a_generator_is_decorated(stamina.retry(on=ConnectionError, wait_initial=0, wait_max=0)),
        ours=lambda: a_generator_is_decorated(retry(POLICY)),
    ),
    Bug(
        what="the error of a `with` body is thrown into a retried generator",
        library="stamina",
        original=lambda: bodies_errors_are_retried(stamina.retry(on=ConnectionError, wait_initial=0, wait_max=0)),
        ours=lambda: bodies_errors_are_retried(retry(POLICY)),
    ),
    Bug(
        what="a lambda that answers a coroutine silently gets one attempt",
        library="tenacity",
        original=lambda: a_lambda_gets_one_attempt(tenacity.retry(stop=THRICE, reraise=True)),
        ours=lambda: a_lambda_gets_one_attempt(retry(POLICY)),
    ),
    Bug(
        what="an async predicate counts as true, whatever it answers",
        library="backoff",
        original=backoff_takes_a_coroutine_for_true,
        ours=ours_takes_a_coroutine_for_true,
    ),
    Bug(
        what="an exception class as the predicate is a TypeError in mid-retry",
        library="retrying",
        original=retrying_fails_on_a_class,
        ours=ours_fails_on_a_class,
    ),
)
