"""The arguments of guards, checked at construction.

Rules: every refusal is a `ConfigError` with field, value and remedy; seconds may be a `timedelta`; a bool is no number.
"""

from __future__ import annotations

from mulligan._functions import answers_awaitable
from mulligan.errors import ConfigError
from mulligan.schedules.arguments import in_seconds

__all__ = ["at_least", "optional_seconds", "optional_share", "plain", "positive", "share", "whole"]


def whole(field: str, value: object, least: int) -> int:
    """Answer a whole number.

    Args:
        field: name of the argument, for the message.
        value: the number.
        least: what it must not be below.

    Raises:
        ConfigError: when it is none.

    >>> whole("permits", 3, 1)
    3
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(field, value, f"give a whole number, {least} or more")
    return value


def at_least(field: str, value: object, least: float) -> float:
    """Answer a finite number.

    Args:
        field: name of the argument, for the message.
        value: the number.
        least: what it must not be below.

    Raises:
        ConfigError: when it is none.

    >>> at_least("k", 2, 1)
    2.0
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 1e15:
        raise ConfigError(field, value, f"give a number, {least:g} or more")
    return float(value)


def share(field: str, value: object) -> float:
    """Answer a share above 0 and up to 1.

    Args:
        field: name of the argument, for the message.
        value: the share.

    Raises:
        ConfigError: when it is none.

    >>> share("failure_rate", 0.5)
    0.5
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ConfigError(field, value, "give a share above 0 and up to 1, such as 0.5")
    return float(value)


def optional_share(field: str, value: object) -> float | None:
    """Answer a share above 0 and up to 1, or `None`.

    Args:
        field: name of the argument, for the message.
        value: the share, or `None`.

    Raises:
        ConfigError: when it is neither.
    """
    return None if value is None else share(field, value)


def positive(field: str, value: object) -> float:
    """Answer a duration above 0 as seconds.

    Args:
        field: name of the argument, for the message.
        value: seconds, or a timedelta.

    Raises:
        ConfigError: when it is none.

    >>> positive("seconds", 30)
    30.0
    """
    seconds = in_seconds(field, value)
    if seconds <= 0:
        raise ConfigError(field, value, "give seconds above 0")
    return seconds


def optional_seconds(field: str, value: object) -> float | None:
    """Answer a duration above 0 as seconds, or `None`.

    Args:
        field: name of the argument, for the message.
        value: seconds, a timedelta, or `None`.

    Raises:
        ConfigError: when it is none of these.
    """
    return None if value is None else positive(field, value)


def plain(field: str, value: object) -> None:
    """Insist on a function that answers at once.

    Args:
        field: name of the argument, for the message.
        value: the function.

    Raises:
        ConfigError: when it is none, or async.

    >>> plain("classify", len)
    """
    if not callable(value) or answers_awaitable(value):
        raise ConfigError(field, value, "give a plain function: one that is async is awaited by nobody")
