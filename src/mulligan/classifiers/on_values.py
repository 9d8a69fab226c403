"""Conditions on values, and on what a value and an error have in common: a status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from mulligan._functions import named
from mulligan.classifiers.condition import Condition
from mulligan.classify import asked
from mulligan.errors import ConfigError
from mulligan.outcome import Raised, Returned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mulligan.outcome import Outcome

__all__ = ["status", "value", "value_where"]

V = TypeVar("V")
V_contra = TypeVar("V_contra", contravariant=True)

ATTRIBUTES = ("status_code", "status", "code")
"""Where a status is found: on the value or the error, or on its `response`."""


class Equal(Condition[object]):
    """The condition behind `value(*values)`."""

    values: tuple[object, ...]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether it returned one of the values."""
        return isinstance(outcome, Returned) and any(outcome.value == one for one in self.values)

    def __repr__(self) -> str:
        return f"value({', '.join(map(repr, self.values))})"


class ValueWhere(Condition[V_contra], Generic[V_contra]):
    """The condition behind `value_where(predicate)`."""

    predicate: Callable[[V_contra], bool]

    def holds(self, outcome: Outcome[V_contra], /) -> bool:
        """Ask the predicate about a value."""
        return isinstance(outcome, Returned) and asked("value_where", self.predicate, outcome.value, None)

    def __repr__(self) -> str:
        return f"value_where({named(self.predicate)})"


class Status(Condition[object]):
    """The condition behind `status(*codes)`."""

    codes: tuple[int | range, ...]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether one of the codes is found on the value or the error."""
        subject = outcome.error if isinstance(outcome, Raised) else outcome.value
        return any(self._covers(found) for found in _statuses(subject))

    def _covers(self, found: int) -> bool:
        return any(found in code if isinstance(code, range) else found == code for code in self.codes)

    def __repr__(self) -> str:
        return f"status({', '.join(map(repr, self.codes))})"


def _statuses(subject: object) -> Iterator[int]:
    for owner in (subject, getattr(subject, "response", None)):
        for attribute in ATTRIBUTES:
            found: object = getattr(owner, attribute, None)
            if isinstance(found, int):
                yield found


def value(*values: object) -> Condition[object]:
    """Hold where one of these values was returned.

    Args:
        values: compared by `==`.

    Raises:
        ConfigError: when there is none.

    >>> value(None, "")
    value(None, '')
    """
    if not values:
        raise ConfigError("values", values, "give the values that are not accepted, such as value(None)")
    return Equal(values=values)


def value_where(predicate: Callable[[V], bool], /) -> Condition[V]:
    """Hold where a predicate on the value does.

    Args:
        predicate: from a value to True or False.

    >>> def is_empty(rows: list[int]) -> bool:
    ...     return not rows
    >>> value_where(is_empty)
    value_where(is_empty)
    """
    return ValueWhere(predicate=predicate)


def status(*codes: int | range) -> Condition[object]:
    """Hold where the value or the error has one of these status codes.

    A status is an integer in `status_code`, `status` or `code`, of the value or the error itself or of its `response`,
    which is where requests, httpx, aiohttp, urllib and most clients put it.

    Args:
        codes: codes, or ranges of codes.

    Raises:
        ConfigError: when there is none.

    >>> status(429, range(500, 600))
    status(429, range(500, 600))
    """
    if not codes:
        raise ConfigError("codes", codes, "give status codes, such as status(429, range(500, 600))")
    return Status(codes=codes)
