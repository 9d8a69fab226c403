"""What one attempt did, and how a whole execution ended: two closed unions of frozen values.

- One attempt: `Outcome = Returned(value) | Raised(error)`.
- An execution, for who asks instead of catching: `Succeeded(value, …) | Failed(error, …, reason, …)`.
- `Reason` says why an execution made no further attempt. `Record` is one line of its bounded history.

Rules: nothing here decides. A `Record` names the type of an error and never holds the error, whose traceback would
keep every frame of the operation alive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from mulligan._value import Value
from mulligan.errors import Rejected

__all__ = ["Failed", "Outcome", "Raised", "Reason", "Record", "Refusal", "Returned", "Succeeded"]

T_co = TypeVar("T_co", covariant=True)


class Returned(Value, Generic[T_co], kw_only=False):
    """An attempt that returned a value.

    >>> Returned(503)
    Returned(value=503)
    """

    value: T_co


class Raised(Value, kw_only=False):
    """An attempt that raised an error.

    >>> Raised(TimeoutError("slow"))
    Raised(error=TimeoutError('slow'))
    """

    error: BaseException


Outcome: TypeAlias = Returned[T_co] | Raised
"""What one attempt did."""


class Reason(StrEnum):
    """Why an execution made no further attempt.

    >>> Reason.TIMEOUT
    <Reason.TIMEOUT: 'timeout'>
    """

    ACCEPTED = "accepted"  # the outcome is what was wanted
    NOT_RETRYABLE = "not_retryable"  # the classification says fail
    ATTEMPTS = "max_attempts"  # max_attempts were made
    TIMEOUT = "timeout"  # the next sleep would overrun the timeout
    STOP_AFTER = "stop_after"  # a failure came after that many seconds
    SCHEDULE_ENDED = "schedule_ended"  # the schedule has no further delay
    REFUSED = "refused"  # a guard refused the attempt
    STOPPED = "stopped"  # the stop token was set
    DISABLED = "disabled"  # the operator switched retries off
    INTERRUPTED = "interrupted"  # cancelled in a sleep, ended by a classifier or observer that raised, or abandoned

    @property
    def exhausted(self) -> bool:
        """Whether it was given up although the outcome was not accepted, and another attempt might have mended it.

        >>> Reason.TIMEOUT.exhausted, Reason.NOT_RETRYABLE.exhausted
        (True, False)
        """
        return self not in (Reason.ACCEPTED, Reason.NOT_RETRYABLE, Reason.INTERRUPTED)


class Refusal(Value):
    """Somebody's no to the next attempt.

    Args:
        by: who refuses: a guard's name, "stop token".
        reason: why, as the execution will report it.
        retry_after: seconds after which asking again makes sense, `None` where that is not known.
        error: what is raised where it is the first attempt.
    """

    by: str
    reason: Reason = Reason.REFUSED
    retry_after: float | None = None
    error: type[Rejected] = Rejected


class Record(Value):
    """One attempt that was not accepted, as kept in a history.

    Args:
        attempt: its number, from 1.
        error: the type of its error, `None` where a value was not accepted.
        elapsed: seconds from the execution's beginning to the attempt's end.
        delay: seconds slept after it, `None` where no attempt followed.
    """

    attempt: int
    error: type[BaseException] | None
    elapsed: float
    delay: float | None


class Succeeded(Value, Generic[T_co], kw_only=False):
    """An execution whose last outcome was accepted.

    Args:
        value: what the operation returned.
        attempts: how many attempts were made.
        elapsed: seconds of the whole execution.
    """

    value: T_co
    attempts: int
    elapsed: float


class Failed(Value, Generic[T_co], kw_only=False):
    """An execution that ended without an accepted outcome.

    Args:
        error: the last error, `None` where the last attempt returned a value that was not accepted.
        last_value: that value, `None` where the last attempt raised.
        reason: why no further attempt was made.
        attempts: how many attempts were made; 0 where the first one was refused.
        elapsed: seconds of the whole execution.
        history: what the last attempts did, without tracebacks.
    """

    error: Exception | None
    last_value: T_co | None
    reason: Reason
    attempts: int
    elapsed: float
    history: tuple[Record, ...] = ()
