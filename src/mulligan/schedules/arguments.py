"""The arguments of schedules, checked and brought into their final form at construction.

Rules: seconds are `float` inside and may be a `timedelta` outside; nothing is longer than `LONGEST`; a bool is no
number; every refusal is a `ConfigError` with field, value and remedy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from datetime import timedelta
    from typing import TypeAlias

    Seconds: TypeAlias = float | timedelta

__all__ = ["LONGEST", "cap_above", "check_seed", "count", "in_seconds", "number", "ratio"]

LONGEST = 1e9
"""The longest backoff in seconds, 31 years: an uncapped family stays here, because `time.sleep` refuses 9.3e9."""


def in_seconds(field: str, value: object) -> float:
    """Answer a duration as seconds.

    Args:
        field: name of the argument, for the message.
        value: a number of seconds from 0 to `LONGEST`, or a timedelta.

    Raises:
        ConfigError: when it is none of these.

    >>> from datetime import timedelta
    >>> in_seconds("base", timedelta(milliseconds=250))
    0.25
    """
    total = getattr(value, "total_seconds", None)  # by shape: importing datetime would cost every program a millisecond
    if callable(total):
        return _between(field, total(), value)
    return _between(field, value, value)


def _between(field: str, found: object, given: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ConfigError(field, given, "give seconds as a number, or a timedelta")
    if not 0 <= found <= LONGEST:
        raise ConfigError(field, given, f"give seconds from 0 to {LONGEST:g}")
    return float(found)


def number(field: str, value: object, remedy: str) -> float:
    """Answer a finite number above 0.

    Args:
        field: name of the argument, for the message.
        value: the number.
        remedy: what to give instead, for the message.

    Raises:
        ConfigError: when it is no number, not above 0, or not finite.

    >>> number("factor", 2, "give a number above 0")
    2.0
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1e300:
        raise ConfigError(field, value, remedy)
    return float(value)


def ratio(field: str, value: object) -> float:
    """Answer a share from 0 to 1.

    Args:
        field: name of the argument, for the message.
        value: the share.

    Raises:
        ConfigError: when it is no number from 0 to 1.

    >>> ratio("ratio", 0.2)
    0.2
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ConfigError(field, value, "give a share from 0 to 1, such as 0.2")
    return float(value)


def count(field: str, value: object) -> int:
    """Answer a number of retries.

    Args:
        field: name of the argument, for the message.
        value: a whole number, 0 or more.

    Raises:
        ConfigError: when it is none.

    >>> count("retries", 3)
    3
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigError(field, value, "give a whole number of retries, 0 or more")
    return value


def cap_above(base: float, cap: object) -> float | None:
    """Answer the cap of a backoff; None when there is none.

    Args:
        base: seconds that the cap must not be below.
        cap: seconds, a timedelta, or None.

    Raises:
        ConfigError: when the cap is no duration, or below the base.

    >>> cap_above(0.1, 10)
    10.0
    """
    if cap is None:
        return None
    bound = in_seconds("cap", cap)
    if bound < base:
        raise ConfigError("cap", cap, f"give a cap that isn't below base={base!r}")
    return bound


def check_seed(seed: object) -> int:
    """Answer a seed.

    Args:
        seed: any integer.

    Raises:
        ConfigError: when it is none.

    >>> check_seed(7)
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ConfigError("seed", seed, "give an integer")
    return seed
