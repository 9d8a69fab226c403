"""backoff's decorators around synchronous functions.

Rules: `time.sleep` is looked up when it is called. A wait that follows an error is slept inside its handler.
"""

from __future__ import annotations

import datetime  # noqa: ICN001 - a name of the interface: tests patch it here
import time
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan.compat.backoff._common import Course
from mulligan.outcome import Raised, Reason, Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.compat.backoff._given import ExceptionTerms, Terms
    from mulligan.compat.narration import Narration

__all__ = ["datetime", "on_exception", "on_predicate", "time"]

P = ParamSpec("P")
R = TypeVar("R")


def on_exception(
    terms: ExceptionTerms, narration: Narration | None, target: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Call the target until it raises none of the errors, or no further attempt is made."""
    course = Course(terms.common, narration, target, args, kwargs)
    while True:
        course.begin()
        try:
            value = target(*args, **kwargs)
        except terms.exception as error:
            delay = course.after(Raised(error), enough=terms.giveup(error))
            if delay is Reason.SCHEDULE_ENDED:
                _tell_of_end(terms.common.on_giveup, course, exception=error)
                raise
            if isinstance(delay, Reason):
                _tell(terms.common.on_giveup, course, exception=error)
                if terms.raise_on_giveup:
                    raise
                return None  # type: ignore[return-value]  # pyright: ignore[reportReturnType] - raise_on_giveup=False
            _tell(terms.common.on_backoff, course, wait=delay, exception=error)
            time.sleep(delay)
        else:
            if terms.common.on_success:
                _tell(terms.common.on_success, course)
            return value


def on_predicate(
    terms: Terms,
    predicate: Callable[[Any], object],
    narration: Narration | None,
    target: Callable[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Call the target until the predicate is false, or no further attempt is made."""
    course = Course(terms, narration, target, args, kwargs)
    while True:
        course.begin()
        value = target(*args, **kwargs)
        if not predicate(value):
            if terms.on_success:
                _tell(terms.on_success, course, value=value)
            return value
        delay = course.after(Returned(value))
        if delay is Reason.SCHEDULE_ENDED:
            _tell_of_end(terms.on_giveup, course)
            return value
        if isinstance(delay, Reason):
            _tell(terms.on_giveup, course, value=value)
            return value
        _tell(terms.on_backoff, course, value=value, wait=delay)
        time.sleep(delay)


def _tell(handlers: tuple[Callable[..., Any], ...], course: Course, **extra: Any) -> None:
    if handlers:
        details = course.details(**extra)
        for handler in handlers:
            handler(details)


def _tell_of_end(handlers: tuple[Callable[..., Any], ...], course: Course, **extra: Any) -> None:
    """Tell that the waits have ended, inside the handler of their end: the interface's log names that as the cause."""
    try:
        raise StopIteration
    except StopIteration:
        _tell(handlers, course, **extra)
