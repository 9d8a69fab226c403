"""The errors mulligan raises itself; the operation's own errors pass through untouched.

    MulliganError
    └── ConfigError (also ValueError)   a value that can't be used: names the field, the value and the remedy

Rules: a `ConfigError` is raised where the value is given, never later in an execution.
"""

from __future__ import annotations

__all__ = ["ConfigError", "MulliganError"]


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
