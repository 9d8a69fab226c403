"""The checks of a policy's fields: each answers the field's settled form or raises a `ConfigError`.

Rules: a check names the field as the caller wrote it and says what to give instead. Nothing is guessed: a number of
attempts is no boolean, a type is no string.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from mulligan._functions import answers_awaitable, is_predicate, named
from mulligan.errors import ConfigError
from mulligan.schedules.arguments import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from typing import TypeGuard

__all__ = [
    "UNLIMITED",
    "UNSET",
    "Unlimited",
    "Unset",
    "choice",
    "effective_types",
    "error_type",
    "flag",
    "max_attempts",
    "optional_callable",
    "optional_seconds",
    "retry_on",
    "schedule",
    "shown",
    "text",
]


class Unlimited(Enum):
    """The type of `UNLIMITED`, which says that no limit is meant."""

    UNLIMITED = "unlimited"

    def __repr__(self) -> str:
        return "UNLIMITED"


class Unset(Enum):
    """The type of `UNSET`, which stands for an argument that was not given."""

    UNSET = "unset"


UNLIMITED: Final = Unlimited.UNLIMITED
"""Says that no limit of attempts is meant."""
UNSET: Final = Unset.UNSET


def text(field: str, value: object) -> str:
    """Answer the text."""
    if isinstance(value, str):
        return value
    raise ConfigError(field, value, "give a string")


def flag(field: str, value: object) -> bool:
    """Answer the truth value."""
    if isinstance(value, bool):
        return value
    raise ConfigError(field, value, "give True or False")


def choice(field: str, value: object, choices: tuple[str, ...]) -> object:
    """Answer the value where it is one of the choices."""
    if value in choices:
        return value
    raise ConfigError(field, value, f"give one of {', '.join(map(repr, choices))}")


def optional_callable(field: str, value: object) -> object:
    """Answer the value where it can be called and answers at once."""
    if value is None:
        return value
    if not callable(value) or _is_error_type(value):
        raise ConfigError(field, value, "give a function, or None")
    if answers_awaitable(value):
        raise ConfigError(field, value, "give a plain function: this one is async, and nobody awaits its answer")
    return value


def optional_seconds(field: str, value: float | timedelta | None) -> float | None:
    """Answer the number of seconds, above 0."""
    if value is None:
        return None
    length = in_seconds(field, value)
    if length == 0:
        raise ConfigError(field, value, "give seconds above 0, or None for no limit")
    return length


def max_attempts(value: object) -> int | Unlimited:
    """Answer the number of attempts, at least 1."""
    if isinstance(value, Unlimited):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ConfigError("max_attempts", value, "give a whole number from 1, the first attempt included, or UNLIMITED")


def schedule(value: object) -> object:
    """Answer the schedule."""
    if isinstance(value, type) or not callable(getattr(value, "delay", None)):
        raise ConfigError(
            "schedule", value, "give a schedule such as exponential(0.1, cap=10), or an object with a delay method"
        )
    return value


def retry_on(
    value: object, retry_if: object, classify: object
) -> tuple[type[BaseException], ...] | Callable[[Exception], bool] | None:
    """Answer the exception types as a tuple, or the predicate."""
    if classify is not None and (value is not None or retry_if is not None):
        field, given = ("retry_on", value) if value is not None else ("retry_if", retry_if)
        raise ConfigError(field, given, "give either classify or retry_on and retry_if, not both")
    if value is None or (_is_tuple(value) and not value):
        if classify is None and retry_if is None:
            remedy = "say what is transient, such as retry_on=(ConnectionError, TimeoutError)"
            raise ConfigError("retry_on", value, remedy)
        return None
    if _is_tuple(value):
        return tuple(error_type("retry_on", entry) for entry in value)
    return (error_type("retry_on", value),) if isinstance(value, type) else _predicate(value)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def _is_error_type(value: object) -> TypeGuard[type[BaseException]]:
    return isinstance(value, type) and issubclass(value, BaseException)


def error_type(field: str, entry: object) -> type[BaseException]:
    """Answer the exception type."""
    if _is_error_type(entry):
        return entry
    remedy = "an instance is no type: give its class" if isinstance(entry, BaseException) else "give exception types"
    raise ConfigError(field, entry, remedy)


def _predicate(value: object) -> Callable[[Exception], bool]:
    if isinstance(value, BaseException):
        raise ConfigError("retry_on", value, "an instance is no type: give its class")
    if not is_predicate(value):
        raise ConfigError("retry_on", value, "give exception types or a predicate on exceptions")
    if answers_awaitable(value):
        raise ConfigError("retry_on", value, "give a plain function: this one is async, and nobody awaits its answer")
    return value


def effective_types(retry_on: tuple[type[BaseException], ...]) -> tuple[type[BaseException], ...]:
    """Answer the types to compare with: `BaseException` names no control flow, so it counts as `Exception`.

    >>> effective_types((BaseException, KeyboardInterrupt))
    (<class 'Exception'>, <class 'KeyboardInterrupt'>)
    """
    return tuple(Exception if entry is BaseException else entry for entry in retry_on)


def shown(value: object) -> str:
    """Answer the source text of a field's value, as far as it has one.

    >>> shown((ConnectionError, 1.5, len))
    '(ConnectionError, 1.5, len)'
    """
    if _is_tuple(value):
        entries = [shown(entry) for entry in value]
        return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"
    return named(value)
