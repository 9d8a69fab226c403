"""The errors mulligan raises itself; the operation's own errors pass through untouched.

    MulliganError
    ├── ConfigError (also ValueError)      a value that can't be used: names the field, the value and the remedy
    ├── ClassifierError                    a predicate or classifier failed while it judged an outcome
    ├── RetryExhausted                     no attempt was accepted, and there is no error of the operation to raise
    ├── Rejected                           an attempt was refused before it began
    │   ├── BreakerOpen                    by a circuit breaker
    │   └── Throttled                      by an adaptive throttle
    └── AttemptTimeout (also TimeoutError) one attempt took longer than its attempt timeout

Rules: a `ConfigError` is raised where the value is given, never later in an execution. None of these errors holds a
traceback of an attempt, so keeping one keeps no frame of the operation alive; its `__cause__` may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan.outcome import Record

__all__ = [
    "AttemptTimeout",
    "BreakerOpen",
    "ClassifierError",
    "ConfigError",
    "MulliganError",
    "Rejected",
    "RetryExhausted",
    "Throttled",
]


class MulliganError(Exception):
    """The root of every error that mulligan raises itself."""


class ConfigError(MulliganError, ValueError):
    """A value that can't be used, said with its field, the value and the remedy.

    Args:
        field: the name of the argument or setting, as the caller wrote it.
        value: what was given.
        remedy: what to give instead, as the rest of a sentence.

    >>> raise ConfigError("cap", -1, "give a number of seconds above 0")
    Traceback (most recent call last):
        ...
    mulligan.errors.ConfigError: cap=-1: give a number of seconds above 0
    """

    def __init__(self, field: str, value: object, remedy: str) -> None:
        super().__init__(field, value, remedy)
        self.field = field
        self.value = value
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.field}={self.value!r}: {self.remedy}"


class ClassifierError(MulliganError):
    """A predicate or a classifier raised, or gave an answer that is none.

    Its `__cause__` is the operation's own error where one was judged, so that this is never lost.
    """


class RetryExhausted(MulliganError):  # noqa: N818 - named by what happened
    """No attempt was accepted: the values were never good enough, or the policy wraps its errors.

    Args:
        message: what happened, in a sentence.
        attempts: how many attempts were made.
        last_value: the last value that was not accepted, `None` where the last attempt raised.
        history: what the last attempts did, without tracebacks.

    >>> error = RetryExhausted("gave up", attempts=3, last_value=503)
    >>> error.attempts, error.last_value, error.history
    (3, 503, ())
    """

    def __init__(
        self, message: str, *, attempts: int, last_value: object = None, history: tuple[Record, ...] = ()
    ) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.last_value = last_value
        self.history = history

    def __reduce__(self) -> tuple[object, ...]:
        return _exhausted, (str(self), self.attempts, self.last_value, self.history)


class Rejected(MulliganError):  # noqa: N818 - named by what happened
    """An attempt was refused before it began: by a guard, or because the stop token was set already.

    Args:
        message: who refused and why.
        retry_after: seconds after which asking again makes sense, `None` where that is not known.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BreakerOpen(Rejected):
    """The first attempt was refused by a circuit breaker; `retry_after` says when it lets probes through."""


class Throttled(Rejected):
    """The first attempt was refused by an adaptive throttle."""


class AttemptTimeout(MulliganError, TimeoutError):  # noqa: N818 - named by what happened
    """One attempt took longer than the policy's `attempt_timeout`; a `TimeoutError`, to be retried as one."""


def _exhausted(message: str, attempts: int, last_value: object, history: tuple[Record, ...]) -> RetryExhausted:
    return RetryExhausted(message, attempts=attempts, last_value=last_value, history=history)
