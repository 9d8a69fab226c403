"""Which requests may be sent again: the request's own facts decide, never the answer.

Rules: a request may be repeated where its method is idempotent (RFC 9110, section 9.2.2), where it has an
`Idempotency-Key`, or where the caller says so. `repeatable(False)` says of any request that it may not.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.errors import ConfigError, MulliganError

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["IDEMPOTENT", "IDEMPOTENT_METHODS", "KEY_FIELD", "BodyConsumed", "Repeating", "repeatable"]

IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""The methods whose requests may be sent twice by their definition (RFC 9110, 9.2.2)."""
KEY_FIELD: Final = "Idempotency-Key"

_told: ContextVar[bool | None] = ContextVar("mulligan.integrations.http.repeatable", default=None)


class BodyConsumed(MulliganError):  # noqa: N818 - named by what happened
    """A request should be sent again and can't be: its body is a stream that was read.

    Its `__cause__` is the error of the attempt before, where that raised one.
    """


class Repeating(Value):
    """A client's rules for which requests may be sent again.

    Args:
        methods: the methods that may; upper-case.
        unsent: whether a request of any method may, where no connection was there and the server has seen nothing.

    Raises:
        ConfigError: when a method isn't written in upper case.

    >>> Repeating().allows("POST", keyed=False), Repeating().allows("POST", keyed=True)
    (False, True)
    """

    methods: frozenset[str] = IDEMPOTENT_METHODS
    unsent: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no method."""
        if _is_text(self.methods):
            raise ConfigError("methods", self.methods, "give a set of them, such as frozenset({'GET', 'POST'})")
        self._settle(methods=frozenset(self.methods))
        for method in self.methods:
            if method != method.upper() or not method:
                raise ConfigError("methods", method, "give methods in upper case, such as frozenset({'GET', 'POST'})")

    def allows(self, method: str, *, keyed: bool) -> bool:
        """Tell whether a request may be sent again.

        Args:
            method: its method.
            keyed: whether it has an idempotency key.
        """
        told = _told.get()
        return (method.upper() in self.methods or keyed) if told is None else told


def _is_text(methods: object) -> bool:
    """Tell whether one method was given, whose letters would count as methods."""
    return isinstance(methods, str)


IDEMPOTENT: Final = Repeating()
"""Idempotent methods alone, which is what clients go by where nothing else is said."""


@contextmanager
def repeatable(may: bool = True) -> Generator[None, None, None]:
    """Say of the requests inside that they may be sent again, or that they may not.

    Args:
        may: whether they may.

    >>> with repeatable():
    ...     Repeating().allows("POST", keyed=False)
    True
    >>> with repeatable(False):
    ...     Repeating().allows("GET", keyed=False)
    False
    """
    token = _told.set(may)
    try:
        yield
    finally:
        _told.reset(token)
