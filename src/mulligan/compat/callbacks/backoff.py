"""backoff's handlers around a policy: `on_success`, `on_backoff`, `on_giveup`, and its log records.

Rules: a handler gets the details that backoff gives. The records come before the handlers, and inside the handler of
the error.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, ParamSpec, TypeVar, cast

from mulligan.compat.backoff._given import configured, logging_handlers
from mulligan.compat.callbacks.around import Course, around, in_turn
from mulligan.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mulligan.compat.backoff._given import Handlers
    from mulligan.compat.backoff._typing import Details, Handler
    from mulligan.events import Retrying
    from mulligan.outcome import Failed
    from mulligan.policy import Policy

__all__ = ["retry_telling"]

P = ParamSpec("P")
R = TypeVar("R")


class _Told(NamedTuple):
    """What a decorator was given."""

    on_success: Handlers
    on_backoff: Handlers
    on_giveup: Handlers
    exception: type[BaseException] | tuple[type[BaseException], ...]


class _Telling(Course):
    """The handlers of one call."""

    __slots__ = ("_told",)
    tells_of_all: ClassVar[bool] = True

    def __init__(self, told: _Told, *call: Any) -> None:
        super().__init__(*call)
        self._told = told

    def retrying(self, event: Retrying) -> object:
        """Call `on_backoff`."""
        return _tell(self._told.on_backoff, self._details(wait=event.delay, exception=event.error))

    def succeeded(self, value: object) -> object:  # noqa: ARG002 - the details of on_exception have no value
        """Call `on_success`."""
        return _tell(self._told.on_success, self._details())

    def failed(self, failed: Failed[Any]) -> object:
        """Call `on_giveup`, where the error is one that is retried at all."""
        if failed.reason is Reason.NOT_RETRYABLE and not isinstance(failed.error, self._told.exception):
            return None
        return _tell(self._told.on_giveup, self._details(exception=failed.error))

    def _details(self, **extra: Any) -> Details:
        details: dict[str, Any] = {
            "target": self.fn,
            "args": self.args,
            "kwargs": self.kwargs,
            "tries": self.number,
            "elapsed": self.begun - self.began,
        }
        return cast("Details", details | extra)


def retry_telling(
    policy: Policy[Any],
    /,
    *,
    exception: type[BaseException] | tuple[type[BaseException], ...] = Exception,
    on_success: Handler | Iterable[Handler] | None = None,
    on_backoff: Handler | Iterable[Handler] | None = None,
    on_giveup: Handler | Iterable[Handler] | None = None,
    logger: logging.Logger | str | None = None,
    backoff_log_level: int = logging.INFO,
    giveup_log_level: int = logging.ERROR,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function, sync or async, so that each call is retried, with backoff's handlers.

    Args:
        policy: the policy.
        exception: the errors that are retried at all; `on_giveup` learns of no others.
        on_success: one handler or several, called with the details of a call that succeeded.
        on_backoff: the same, before every sleep.
        on_giveup: the same, where no attempt follows an error.
        logger: where backoff's records go, or its name; `None`: nowhere.
        backoff_log_level: the level of the record before a sleep.
        giveup_log_level: the level of the record of the end.

    >>> from mulligan import Policy, no_delay
    >>> waits = []
    >>> @retry_telling(
    ...     Policy(retry_on=OSError, schedule=no_delay()), on_backoff=lambda details: waits.append(details["tries"])
    ... )
    ... def fetch(page: str) -> str:
    ...     if len(waits) < 2:
    ...         raise OSError("reset")
    ...     return page.upper()
    >>> fetch("page"), waits
    ('PAGE', [1, 2])
    """
    target = logging.getLogger(logger) if isinstance(logger, str) else logger
    backing, giving = logging_handlers(target, backoff_log_level, giveup_log_level)
    told = _Told(
        configured(on_success), (*backing, *configured(on_backoff)), (*giving, *configured(on_giveup)), exception
    )
    return around(policy.replace(note=False), partial(_Telling, told))  # the records hold the error's last line


def _tell(handlers: Handlers, details: Details) -> object:
    return in_turn(*(partial(handler, details) for handler in handlers))
