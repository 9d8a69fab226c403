"""The original's call, and its attempts, with somebody beside them who takes note."""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan import clock as clocks
from mulligan.outcome import Raised, Returned

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.compat.shadow.beside import Beside
    from mulligan.outcome import Outcome

__all__ = ["observed", "observed_async", "system_time", "watch", "watch_async"]

P = ParamSpec("P")
R = TypeVar("R")


def system_time() -> float:
    """Answer the seconds of the installed clock, or of the system's."""
    return time.monotonic() if clocks.installed is None else clocks.installed.monotonic()


def observed(beside: Beside, operation: Callable[P, R]) -> Callable[P, R]:
    """Answer the operation, with its attempts noted."""

    @wraps(operation)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        beside.begins()
        return _noted(beside.ends, operation, *args, **kwargs)

    return attempt


def observed_async(beside: Beside, operation: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Answer the asynchronous operation, with its attempts noted."""

    @wraps(operation)
    async def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        beside.begins()
        return await _noted_async(beside.ends, operation, *args, **kwargs)

    return attempt


def watch(beside: Beside, original: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the original, and note what it gives its caller."""
    return _noted(beside.surfaces, original, *args, **kwargs)


async def watch_async(beside: Beside, original: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
    """Await the original, and note what it gives its caller."""
    return await _noted_async(beside.surfaces, original, *args, **kwargs)


def _noted(note: Callable[[Outcome[Any]], None], fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        value = fn(*args, **kwargs)
    except BaseException as error:
        note(Raised(error))
        raise
    note(Returned(value))
    return value


async def _noted_async(
    note: Callable[[Outcome[Any]], None], fn: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs
) -> R:
    try:
        value = await fn(*args, **kwargs)
    except BaseException as error:
        note(Raised(error))
        raise
    note(Returned(value))
    return value
