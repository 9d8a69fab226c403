"""tenacity's callbacks around a policy: `before`, `after`, `before_sleep`, and the error of its exhaustion.

Rules: a callback gets a `CallState` with the attributes that migrated callbacks may read; a logger and a level stand
for tenacity's own log functions, in the wording of tenacity since 9.1.3.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, ParamSpec, TypeAlias, TypeVar

from mulligan.compat.callbacks.around import Course, around, in_turn, now

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger, LoggerAdapter

    from mulligan.events import Retrying
    from mulligan.outcome import Failed
    from mulligan.policy import Policy

__all__ = ["CallState", "retry_calling"]

P = ParamSpec("P")
R = TypeVar("R")
Callback: TypeAlias = "Callable[[CallState], object] | tuple[Logger | LoggerAdapter[Any], int]"
ORDINALS: Final = {1: "st", 2: "nd", 3: "rd"}


class CallOutcome:
    """What the last attempt did, as tenacity's `outcome` says it."""

    __slots__ = ("_error", "_value", "attempt_number", "failed")

    def __init__(self, number: int, value: object, error: BaseException | None) -> None:
        self.attempt_number: int = number
        self._value = value
        self._error = error
        self.failed: bool = error is not None

    def exception(self) -> BaseException | None:
        """Answer the error, `None` where there is none."""
        return self._error

    def result(self) -> Any:
        """Answer the value.

        Raises:
            BaseException: the error, where the attempt raised.
        """
        if self._error is not None:
            raise self._error
        return self._value


class NextAction:
    """What comes next, as tenacity's `next_action` says it."""

    __slots__ = ("sleep",)

    def __init__(self, sleep: float) -> None:
        self.sleep: float = sleep


class CallState:
    """What a callback learns, under the names of tenacity's `RetryCallState`."""

    __slots__ = (
        *("args", "attempt_number", "fn", "idle_for", "kwargs", "next_action", "outcome", "seconds_since_start"),
        "upcoming_sleep",
    )

    def __init__(self, course: Course) -> None:
        self.fn: Callable[..., Any] = course.fn
        self.args: tuple[Any, ...] = course.args
        self.kwargs: dict[str, Any] = course.kwargs
        self.attempt_number: int = course.number
        self.outcome: CallOutcome | None = None
        self.next_action: NextAction | None = None
        self.idle_for: float = 0.0
        self.upcoming_sleep: float = 0.0
        self.seconds_since_start: float | None = None


class _Callbacks(NamedTuple):
    """What a decorator was given."""

    before: Callback | None
    after: Callback | None
    before_sleep: Callback | None
    exhausted: type[Exception] | None
    reraise: bool


class _Calling(Course):
    """The callbacks of one call."""

    __slots__ = ("_given", "_idle")

    def __init__(self, given: _Callbacks, *call: Any) -> None:
        super().__init__(*call)
        self._given = given
        self._idle = 0.0

    def before(self) -> object:
        """Call `before`."""
        return _call(self._given.before, _starting, CallState(self))

    def retrying(self, event: Retrying) -> object:
        """Call `after` and `before_sleep`."""
        state = self._state(event.value, event.error)
        state.upcoming_sleep = event.delay
        self._idle += event.delay

        def sleeping() -> object:
            state.next_action = NextAction(event.delay)
            state.idle_for = self._idle
            return _call(self._given.before_sleep, _retrying, state)

        return in_turn(partial(_call, self._given.after, _finished, state), sleeping)

    def failed(self, failed: Failed[Any]) -> object:
        """Call `after`."""
        return _call(self._given.after, _finished, self._state(failed.last_value, failed.error))

    def exhausted(self, failed: Failed[Any]) -> None:
        """Raise the library's error, where it is wanted."""
        wanted = self._given.exhausted
        if wanted is None or (self._given.reraise and failed.error is not None):
            return
        raise _library_error(wanted, self.number, failed) from failed.error

    def _state(self, value: object, error: BaseException | None) -> CallState:
        state = CallState(self)
        state.outcome = CallOutcome(self.number, value, error)
        state.seconds_since_start = now() - self.began
        state.idle_for = self._idle
        return state


def retry_calling(
    policy: Policy[Any],
    /,
    *,
    before: Callback | None = None,
    after: Callback | None = None,
    before_sleep: Callback | None = None,
    exhausted: type[Exception] | None = None,
    reraise: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function, sync or async, so that each call is retried, with tenacity's callbacks.

    Args:
        policy: the policy.
        before: called before every attempt; or a logger and a level, as `before_log`.
        after: called after every attempt that is to be retried, the last one included; or as `after_log`.
        before_sleep: called before every sleep; or as `before_sleep_log`.
        exhausted: `tenacity.RetryError` or `retrying.RetryError`: raised where no attempt is left.
        reraise: whether it is raised after values alone, and the operation's own error otherwise.

    >>> import logging
    >>> from mulligan import Policy, no_delay
    >>> seen = []
    >>> @retry_calling(
    ...     Policy(retry_on=OSError, schedule=no_delay()), before_sleep=lambda state: seen.append(state.attempt_number)
    ... )
    ... def fetch(page: str) -> str:
    ...     if len(seen) < 2:
    ...         raise OSError("reset")
    ...     return page.upper()
    >>> fetch("page"), seen
    ('PAGE', [1, 2])
    """
    callbacks = _Callbacks(before, after, before_sleep, exhausted, reraise=reraise)
    return around(policy, lambda fn, args, kwargs: _Calling(callbacks, fn, args, kwargs))


def _call(callback: Callback | None, wording: Callable[[CallState], str], state: CallState) -> object:
    if callback is None:
        return None
    if callable(callback):
        return callback(state)
    logger, level = callback
    logger.log(level, wording(state))
    return None


def _starting(state: CallState) -> str:
    return f"Starting call to '{_name(state.fn)}', this is the {_ordinal(state.attempt_number)} time calling it."


def _finished(state: CallState) -> str:
    seconds = "?" if state.seconds_since_start is None else f"{state.seconds_since_start:.3g}"
    times = _ordinal(state.attempt_number)
    return f"Finished call to '{_name(state.fn)}' after {seconds}(s), this was the {times} time calling it."


def _retrying(state: CallState) -> str:
    outcome, action = state.outcome, state.next_action
    seconds = 0.0 if action is None else action.sleep
    error = None if outcome is None else outcome.exception()
    if error is not None:
        told = f"raised {type(error).__name__}: {error}"
    else:
        told = f"returned {None if outcome is None else outcome.result()}"
    return f"Retrying {_name(state.fn)} in {seconds:.3g} seconds as it {told}."


def _name(fn: Callable[..., Any]) -> str:
    name: object = getattr(fn, "__qualname__", None) or getattr(fn, "__name__", None)
    if name is None:
        return repr(fn)
    module: object = getattr(fn, "__module__", None)
    return f"{module}.{name}" if module else str(name)


def _ordinal(number: int) -> str:
    """Answer an ordinal number.

    >>> [_ordinal(number) for number in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else ORDINALS.get(number % 10, 'th')}"


def _library_error(error: type[Exception], number: int, failed: Failed[Any]) -> Exception:
    """Make the library's own error, whose last attempt is the library's own value."""
    for base in error.__mro__:
        library: Any = sys.modules.get(base.__module__.partition(".")[0])
        if base.__name__ != "RetryError" or library is None:
            continue
        if hasattr(library, "Future"):
            wrong = failed.error is not None
            return error(library.Future.construct(number, failed.error if wrong else failed.last_value, wrong))
        if failed.error is None:
            return error(library.Attempt(failed.last_value, number, has_exception=False))
        kind: type[Exception] = type(failed.error)
        info = (kind, failed.error, failed.error.__traceback__)
        return error(library.Attempt(info, number, has_exception=True))
    return error(failed.error)
