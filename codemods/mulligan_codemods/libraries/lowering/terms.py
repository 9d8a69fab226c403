"""What a library's arguments say, in the terms of a policy: the contract between lowerings and call shapes.

A lowering is a function from the arguments of a use to a `Terms`; there is one for each library, and one for mapped
helpers, which goes by the fields of its table. It raises `Refused` for what has no counterpart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from mulligan_codemods.libraries.reading.amounts import amount, is_none
from mulligan_codemods.libraries.reading.errors import EXCEPTION
from mulligan_codemods.lowered import NoDelay, Schedule, Strategy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.lowered import Amount, ErrorClass, Premise
    from mulligan_codemods.uses.tables import Entry

__all__ = ["Callbacks", "Exhaustion", "Lowering", "Terms", "Use"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """Functions of the legacy code that are to be called as before, around the policy.

    Args:
        maker: the function of `mulligan.compat.callbacks` that does it.
        arguments: its arguments behind the policy.
    """

    maker: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhaustion:
    """The library raises an error of its own where no attempt is left.

    Args:
        module: the library that it comes from.
        name: its class.
        after_values: whether it comes after values alone; after an error, that error is raised.
    """

    module: str
    name: str
    after_values: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is retried, when, and how often, as a policy says it.

    Args:
        retry_on: the classes.
        predicate: the text of a predicate on errors, instead of them.
        retry_if: the text of a predicate on values.
        schedule: the delays.
        max_attempts: attempts including the first; `None`: no limit.
        stop_after: seconds after which a failure is the last.
        timeout: seconds that no sleep may reach.
        on_exhausted: what happens in the end, if it is not that the error is raised.
        exhaustion: the library's own error in the end.
        callbacks: what is called besides.
        original: the same in the library's own terms.
        premises: what is taken for granted.
        differences: permitted differences.
        departures: differences that are not.
    """

    retry_on: tuple[ErrorClass, ...] = (EXCEPTION,)
    predicate: str | None = None
    retry_if: str | None = None
    schedule: Schedule = field(default_factory=lambda: Schedule(backoff=NoDelay()))
    max_attempts: Amount | None = None
    stop_after: Amount | None = None
    timeout: Amount | None = None
    on_exhausted: str | None = None
    exhaustion: Exhaustion | None = None
    callbacks: Callbacks | None = None
    original: Strategy = field(default_factory=lambda: Strategy(""))
    premises: tuple[Premise, ...] = ()
    differences: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A use whose arguments are bound.

    Args:
        place: where it stands.
        entry: what is used.
        arguments: its arguments by parameter.
    """

    place: Place
    entry: Entry
    arguments: Mapping[str, Argument]

    def given(self, name: str) -> Argument | None:
        """Answer an argument, `None` where it is not given."""
        return self.arguments.get(name)

    def told(self, name: str) -> Argument | None:
        """Answer an argument, `None` where it is not given, or says `None`."""
        found = self.given(name)
        return None if found is None or is_none(found) else found

    def amount(self, name: str) -> Amount | None:
        """Answer the number that an argument is, `None` where it is not given, or says `None`."""
        found = self.told(name)
        return None if found is None else amount(found)


class Lowering(Protocol):
    """Says a library's arguments in the terms of a policy."""

    def __call__(self, use: Use, /) -> Terms:
        """Answer the terms.

        Raises:
            Refused: something has no counterpart.
        """
        ...
