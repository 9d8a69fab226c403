"""backoff's decorators around asynchronous functions.

Rules: `asyncio.sleep` is looked up when it is called. Handlers and `giveup` may be coroutine functions; predicate,
jitter and limits may not.
"""

from __future__ import annotations

import asyncio
import datetime  # noqa: ICN001 - a name of the interface: tests patch it here
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan._functions import answers_awaitable
from mulligan.compat.backoff._common import Course
from mulligan.outcome import Raised, Reason, Returned

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.compat.backoff._given import ExceptionTerms, Terms
    from mulligan.compat.narration import Narration

__all__ = ["asyncio", "datetime", "on_exception", "on_predicate"]

P = ParamSpec("P")
R = TypeVar("R")


async def on_exception(
    terms: ExceptionTerms,
    narration: Narration | None,
    target: Callable[P, Awaitable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Await the target until it raises none of the errors, or no further attempt is made."""
    course = Course(terms.common, narration, target, args, kwargs)
    while True:
        course.begin()
        try:
            value = await target(*args, **kwargs)
        except terms.exception as error:
            delay = course.after(Raised(error), enough=await _answered(terms.giveup, error))
            if delay is Reason.SCHEDULE_ENDED:
                await _tell_of_end(terms.common.on_giveup, course, exception=error)
                raise
            if isinstance(delay, Reason):
                await _tell(terms.common.on_giveup, course, exception=error)
                if terms.raise_on_giveup:
                    raise
                return None  # type: ignore[return-value]  # pyright: ignore[reportReturnType] - raise_on_giveup=False
            await _tell(terms.common.on_backoff, course, wait=delay, exception=error)
            await asyncio.sleep(delay)
        else:
            await _tell(terms.common.on_success, course)
            return value


async def on_predicate(
    terms: Terms,
    predicate: Callable[[Any], object],
    narration: Narration | None,
    target: Callable[P, Awaitable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Await the target until the predicate is false, or no further attempt is made."""
    course = Course(terms, narration, target, args, kwargs)
    while True:
        course.begin()
        value = await target(*args, **kwargs)
        if not predicate(value):
            await _tell(terms.on_success, course, value=value)
            return value
        delay = course.after(Returned(value))
        if isinstance(delay, Reason):
            tell = _tell_of_end if delay is Reason.SCHEDULE_ENDED else _tell
            await tell(terms.on_giveup, course, value=value)
            return value
        await _tell(terms.on_backoff, course, value=value, wait=delay)
        await asyncio.sleep(delay)


async def _tell(handlers: tuple[Callable[..., Any], ...], course: Course, **extra: Any) -> None:
    if handlers:
        details = course.details(**extra)
        for handler in handlers:
            await _answered(handler, details)


async def _tell_of_end(handlers: tuple[Callable[..., Any], ...], course: Course, **extra: Any) -> None:
    """Tell that the waits have ended, inside the handler of their end: the interface's log names that as the cause."""
    try:
        raise StopIteration
    except StopIteration:
        await _tell(handlers, course, **extra)


async def _answered(function: Callable[..., Any], given: object) -> object:
    """Answer what a function or a coroutine function answers."""
    answer: object = function(given)
    return await answer if answers_awaitable(function) else answer  # type: ignore[misc]
