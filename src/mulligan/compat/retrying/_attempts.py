"""retrying's values: one attempt, and the error around the last one."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TypeAlias

    ErrorInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType]

__all__ = ["Attempt", "RetryError"]

R = TypeVar("R")


class Attempt(Generic[R]):
    """One call of the operation.

    Args:
        value: what it returned, or the `sys.exc_info()` of what it raised.
        attempt_number: from 1.
        has_exception: whether it raised.

    >>> Attempt("page", 2, False)
    Attempts: 2, Value: page
    """

    def __init__(self, value: R | ErrorInfo, attempt_number: int, has_exception: bool) -> None:
        self.value = value
        self.attempt_number = attempt_number
        self.has_exception = has_exception

    def get(self, wrap_exception: bool = False) -> R:
        """Answer the value, or raise the error.

        Args:
            wrap_exception: raise a `RetryError` around the attempt instead.

        Raises:
            RetryError: where the attempt failed and `wrap_exception` is set.
        """
        if not self.has_exception:
            return cast("R", self.value)  # has_exception says which of the two it is
        if wrap_exception:
            raise RetryError(self)
        _, error, origin = cast("ErrorInfo", self.value)  # as above
        raise error.with_traceback(origin)

    def __repr__(self) -> str:
        if not self.has_exception:
            return f"Attempts: {self.attempt_number}, Value: {self.value}"
        origin = cast("ErrorInfo", self.value)[2]  # has_exception says which of the two it is
        return f"Attempts: {self.attempt_number}, Error:\n{''.join(traceback.format_tb(origin))}"


class RetryError(Exception):
    """No attempt was accepted.

    Args:
        last_attempt: the last one.
    """

    def __init__(self, last_attempt: Attempt[Any]) -> None:
        self.last_attempt = last_attempt

    def __str__(self) -> str:
        return f"RetryError[{self.last_attempt}]"
