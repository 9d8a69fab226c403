"""The attempt that runs, as the operation can see it.

Rules: it is published only by executions whose policy has something to tell: a timeout, an attempt timeout or an
idempotency key. The innermost of these is answered. What is answered is a snapshot.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

from mulligan._value import Value

__all__ = ["Attempt", "current_attempt", "publisher"]


class Attempt(Value):
    """A snapshot of the attempt that runs.

    Args:
        number: from 1.
        elapsed: seconds since the execution began.
        remaining: seconds until the execution's or the attempt's timeout, whichever comes first, never below 0; `None`
            where there is neither.
        idempotency_key: the execution's key, `None` where the policy makes none.
    """

    number: int
    elapsed: float
    remaining: float | None
    idempotency_key: str | None


class Publisher(Protocol):
    """An execution that can tell about its attempt."""

    def snapshot(self) -> Attempt:
        """Answer the attempt that runs."""
        ...


publisher: ContextVar[Publisher | None] = ContextVar("mulligan.current_attempt", default=None)


def current_attempt() -> Attempt | None:
    """Answer the attempt inside which this code runs, `None` where none is published.

    >>> from mulligan import Policy, execute
    >>> def operation() -> int:
    ...     attempt = current_attempt()
    ...     return attempt.number if attempt else 0
    >>> execute(Policy(retry_on=OSError, timeout=5), operation)
    1
    >>> current_attempt() is None
    True
    """
    execution = publisher.get()
    return None if execution is None else execution.snapshot()
