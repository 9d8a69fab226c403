"""The values of interpreted code: constants, opaque terms that remember where they came from, and objects made inside.

Rules: a term is frozen and compared by its origin, never by what it might be. A read of something that a call could
have changed carries the epoch (the number of effects so far) in which it was read, so the same read after a call is
another term. An object made by the code (a list, a dict) has an identity of its own until it is handed outside; from
then on it is a `Fresh` term, because outside code may have changed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import EllipsisType
from typing import Literal

__all__ = [
    "NONE",
    "Attr",
    "Constant",
    "DictObject",
    "Error",
    "ExceptionObject",
    "Fresh",
    "Item",
    "ListObject",
    "Mutable",
    "Operation",
    "Result",
    "Root",
    "Scalar",
    "SetObject",
    "Term",
    "TupleValue",
    "Value",
    "base_path",
    "constant",
    "path_text",
    "stable_path",
]

Scalar = None | bool | int | float | complex | str | bytes | EllipsisType
Space = Literal["builtin", "import", "global", "local"]


class Value:
    """What an interpreted expression can be."""

    __slots__ = ()


class Term(Value):
    """A value from outside, known only by its origin."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Constant(Value):
    """A known immutable value; `kind` keeps 1, 1.0 and True apart."""

    value: Scalar
    kind: str


def constant(value: Scalar) -> Constant:
    """Wrap a Python constant."""
    return Constant(value, type(value).__name__)


NONE = constant(None)


@dataclass(frozen=True, slots=True)
class Root(Term):
    """A name that the code did not bind: a builtin, an import, a module-level name, a parameter or outer variable."""

    space: Space
    name: str
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Attr(Term):
    """An attribute, as read in an epoch (`None`: taken as unchanging)."""

    base: Value
    name: str
    epoch: int | None


@dataclass(frozen=True, slots=True)
class Item(Term):
    """An item, as read in an epoch."""

    base: Value
    key: Value
    epoch: int | None


@dataclass(frozen=True, slots=True)
class Result(Term):
    """What the effect of this number answered."""

    effect: int


@dataclass(frozen=True, slots=True)
class Error(Term):
    """The exception that an effect, or a read of a term, raised."""

    origin: int | Term


@dataclass(frozen=True, slots=True)
class Fresh(Term):
    """An object that the code made and handed outside: the effect that took it first, and its place there."""

    effect: int
    place: int


@dataclass(frozen=True, slots=True)
class Operation(Term):
    """An operator or pure builtin on values of which at least one is opaque."""

    operator: str
    operands: tuple[Value, ...]
    epoch: int | None


@dataclass(frozen=True, slots=True)
class TupleValue(Value):
    """A tuple."""

    items: tuple[Value, ...]


@dataclass(slots=True, eq=False)
class Mutable(Value):
    """An object with an identity; `fresh` is its term once it was handed outside."""

    fresh: Fresh | None = field(default=None, init=False)

    def parts(self) -> tuple[Value, ...]:
        """Return the values inside, in order."""
        return ()


@dataclass(slots=True, eq=False)
class ListObject(Mutable):
    """A list made by the code."""

    items: list[Value]

    def parts(self) -> tuple[Value, ...]:
        """Return the items."""
        return tuple(self.items)


@dataclass(slots=True, eq=False)
class SetObject(Mutable):
    """A set display made by the code; kept in order of writing."""

    items: list[Value]

    def parts(self) -> tuple[Value, ...]:
        """Return the items."""
        return tuple(self.items)


@dataclass(slots=True, eq=False)
class DictObject(Mutable):
    """A dict made by the code; a key `None` stands for an opaque mapping merged in by `**`."""

    pairs: list[tuple[Value | None, Value]]

    def parts(self) -> tuple[Value, ...]:
        """Return keys and values."""
        return tuple(part for pair in self.pairs for part in pair if part is not None)


@dataclass(slots=True, eq=False)
class ExceptionObject(Value):
    """An instance of a builtin exception class, made by the code or by a failing operation."""

    kind: str
    arguments: tuple[Value, ...]
    cause: Value | None = None


def base_path(value: Value) -> Value:
    """Return the root below attributes and items."""
    while isinstance(value, Attr | Item):
        value = value.base
    return value


def stable_path(value: Value) -> str | None:
    """Return the dotted path of a name that was imported or bound once at import time, or of its attributes."""
    match value:
        case Root(space="local"):
            return None
        case Root(space=space, name=name, epoch=None):
            return name if space != "global" else f"<module>.{name}"
        case Root():
            return None
        case Attr(base=base, name=name):
            below = stable_path(base)
            return None if below is None else f"{below}.{name}"
        case _:
            return None


def path_text(value: Value) -> str | None:
    """Return a read as a person writes it, such as `self.retries`; `None` for anything else."""
    match value:
        case Root(name=name):
            return name
        case Attr(base=base, name=name):
            below = path_text(base)
            return None if below is None else f"{below}.{name}"
        case Item(base=base, key=Constant(value=key)):
            below = path_text(base)
            return None if below is None else f"{below}[{key!r}]"
        case _:
            return None
