"""What the decorators share: one course of callbacks around each call, in sync and async code.

Rules: a course belongs to one call. It holds no error beyond the call's end. A callback may be a coroutine function
where the operation is asynchronous.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar, cast

from mulligan import clock as clocks
from mulligan._awaitables import is_awaitable
from mulligan._functions import answers_generator, is_async, named
from mulligan.executors.execution import Execution
from mulligan.outcome import Failed, Reason, Succeeded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.events import Retrying
    from mulligan.policy import Policy

__all__ = ["Course", "around", "in_turn", "now"]

P = ParamSpec("P")
R = TypeVar("R")


def now() -> float:
    """Answer the instant of the installed clock."""
    return time.monotonic() if clocks.installed is None else clocks.installed.monotonic()


class Course:
    """What is called around the attempts of one call; by itself nothing.

    Args:
        fn: the operation.
        args: its positional arguments.
        kwargs: its keyword arguments.
    """

    __slots__ = ("args", "began", "begun", "fn", "kwargs", "number")

    tells_of_all: ClassVar[bool] = False
    """Whether `failed` learns of errors that are not retried, too."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.fn: Callable[..., Any] = fn
        self.args: tuple[Any, ...] = args
        self.kwargs: dict[str, Any] = kwargs
        self.number: int = 0
        self.began: float = now()
        self.begun: float = self.began

    def count(self) -> None:
        """Count an attempt that begins now."""
        self.number += 1
        self.begun = now()

    def before(self) -> object:
        """Learn that an attempt begins."""

    def retrying(self, event: Retrying) -> object:
        """Learn that another attempt follows."""

    def succeeded(self, value: object) -> object:
        """Learn that a value was accepted."""

    def failed(self, failed: Failed[Any]) -> object:
        """Learn that no attempt is left, inside the handler of the error where there is one."""

    def exhausted(self, failed: Failed[Any]) -> None:
        """Raise what stands for the last failure, if it is not the error or the value itself."""


def around(
    policy: Policy[Any], make: Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Course]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Answer the decorator that retries under a policy with a course around each call.

    Raises:
        TypeError: what is decorated is a generator function.
    """

    def decorate(fn: Callable[P, R]) -> Callable[P, R]:
        if answers_generator(fn):
            raise TypeError(f"{named(fn)} is a generator: retry the calls inside it")
        if is_async(fn):
            return cast("Callable[P, R]", _asynchronous(policy, make, fn))
        return _synchronous(policy, make, fn)

    return decorate


def _synchronous(policy: Policy[Any], make: Callable[..., Course], fn: Callable[P, R]) -> Callable[P, R]:
    @wraps(fn)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        course = make(fn, args, kwargs)

        def attempt() -> R:
            course.count()
            course.before()
            return fn(*args, **kwargs)

        answer = Execution(policy, on_retry=course.retrying).try_run(attempt)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - what a callback answers is dropped
        if isinstance(answer, Succeeded):
            course.succeeded(answer.value)
            return answer.value
        return cast("R", _ended(course, answer))

    return called


def _ended(course: Course, failed: Failed[Any]) -> object:
    """Tell of the end, and raise or answer what it is."""
    if failed.error is None:
        course.failed(failed)
        course.exhausted(failed)
        return failed.last_value
    try:
        raise failed.error
    except Exception:
        if failed.reason is not Reason.NOT_RETRYABLE or course.tells_of_all:
            course.failed(failed)
        if failed.reason is not Reason.NOT_RETRYABLE:
            course.exhausted(failed)
        raise
    finally:
        del failed


def _asynchronous(
    policy: Policy[Any], make: Callable[..., Course], fn: Callable[P, Awaitable[R]]
) -> Callable[P, Awaitable[R]]:
    @wraps(fn)
    async def called(*args: P.args, **kwargs: P.kwargs) -> R:
        course = make(fn, args, kwargs)

        async def attempt() -> R:
            course.count()
            await _awaited(course.before())
            return await fn(*args, **kwargs)

        async def retrying(event: Retrying) -> None:
            await _awaited(course.retrying(event))

        answer = await Execution(policy, on_retry=retrying).try_run_async(attempt)
        if isinstance(answer, Succeeded):
            await _awaited(course.succeeded(answer.value))
            return answer.value
        return cast("R", await _ended_async(course, answer))

    return called


async def _ended_async(course: Course, failed: Failed[Any]) -> object:
    """Tell of the end, and raise or answer what it is."""
    if failed.error is None:
        await _awaited(course.failed(failed))
        course.exhausted(failed)
        return failed.last_value
    try:
        raise failed.error
    except Exception:
        if failed.reason is not Reason.NOT_RETRYABLE or course.tells_of_all:
            await _awaited(course.failed(failed))
        if failed.reason is not Reason.NOT_RETRYABLE:
            course.exhausted(failed)
        raise
    finally:
        del failed


def in_turn(*calls: Callable[[], object]) -> object:
    """Make calls one after the other; the first whose answer awaits, and all behind it, are for the caller to await."""
    for place, call in enumerate(calls):
        answer = call()
        if is_awaitable(answer):
            return _rest(answer, calls[place + 1 :])
    return None


async def _rest(answer: Awaitable[object], calls: tuple[Callable[[], object], ...]) -> None:
    await answer
    for call in calls:
        await _awaited(call())


async def _awaited(answer: object) -> None:
    if is_awaitable(answer):
        await answer
