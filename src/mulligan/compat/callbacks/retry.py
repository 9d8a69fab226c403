"""retry's record before each sleep, around a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan.compat.callbacks.around import Course, around

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger, LoggerAdapter

    from mulligan.events import Retrying
    from mulligan.policy import Policy

__all__ = ["retry_logging"]

P = ParamSpec("P")
R = TypeVar("R")


class _Logging(Course):
    """The records of one call."""

    __slots__ = ("_logger",)

    def __init__(self, logger: Logger | LoggerAdapter[Any], *call: Any) -> None:
        super().__init__(*call)
        self._logger = logger

    def retrying(self, event: Retrying) -> object:
        """Write the record."""
        whole = event.delay.is_integer()
        self._logger.warning("%s, retrying in %s seconds...", event.error, int(event.delay) if whole else event.delay)
        return None


def retry_logging(
    policy: Policy[Any], /, logger: Logger | LoggerAdapter[Any]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function, sync or async, so that each call is retried, with retry's records.

    Args:
        policy: the policy.
        logger: gets a warning before each sleep.

    >>> import logging
    >>> from mulligan import Policy, no_delay
    >>> retry_logging(Policy(retry_on=OSError, schedule=no_delay()), logging.getLogger("shop"))(len)("page")
    4
    """
    return around(policy, lambda fn, args, kwargs: _Logging(logger, fn, args, kwargs))
