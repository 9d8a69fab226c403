"""Conditions on what is inside an error: its causes, and the members of an exception group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.classifiers.condition import Condition
from mulligan.outcome import Raised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

    from mulligan.outcome import Outcome

__all__ = ["any_member", "cause", "every_member"]

LONGEST = 64
"""How far a chain of causes is followed."""


class Cause(Condition[object]):
    """The condition behind `cause(condition)`."""

    of: Condition[object]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether the condition holds for the error or one of its causes."""
        return isinstance(outcome, Raised) and any(self.of.holds(Raised(link)) for link in _chain(outcome.error))

    def __repr__(self) -> str:
        return f"cause({self.of!r})"


class AnyMember(Condition[object]):
    """The condition behind `any_member(condition)`."""

    of: Condition[object]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether the condition holds for one of the group's members."""
        return isinstance(outcome, Raised) and any(self.of.holds(Raised(member)) for member in _members(outcome.error))

    def __repr__(self) -> str:
        return f"any_member({self.of!r})"


class EveryMember(Condition[object]):
    """The condition behind `every_member(condition)`."""

    of: Condition[object]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether the condition holds for each of the group's members."""
        return isinstance(outcome, Raised) and all(self.of.holds(Raised(member)) for member in _members(outcome.error))

    def __repr__(self) -> str:
        return f"every_member({self.of!r})"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(LONGEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_group(error: BaseException) -> TypeGuard[BaseExceptionGroup[BaseException]]:
    return isinstance(error, BaseExceptionGroup)


def _members(error: BaseException) -> Iterator[BaseException]:
    if _is_group(error):
        for member in error.exceptions:
            yield from _members(member)
    else:
        yield error


def cause(condition: Condition[object], /) -> Condition[object]:
    """Hold where a condition does for the error, its cause, the cause's cause and so on.

    Args:
        condition: on errors.

    >>> from mulligan.classifiers import error
    >>> cause(error(ConnectionResetError))
    cause(error(ConnectionResetError))
    """
    return Cause(of=condition)


def any_member(condition: Condition[object], /) -> Condition[object]:
    """Hold where a condition does for at least one error in an exception group, however deep.

    Args:
        condition: on errors; an error that is no group is a group of itself.

    >>> from mulligan.classifiers import error
    >>> any_member(error(TimeoutError))
    any_member(error(TimeoutError))
    """
    return AnyMember(of=condition)


def every_member(condition: Condition[object], /) -> Condition[object]:
    """Hold where a condition does for every error in an exception group, however deep.

    Args:
        condition: on errors; an error that is no group is a group of itself.

    >>> from mulligan.classifiers import error
    >>> every_member(error(TimeoutError))
    every_member(error(TimeoutError))
    """
    return EveryMember(of=condition)
