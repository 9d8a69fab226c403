"""What interpreted code does to the outside, one frozen value each, and how it stops.

The interpreter yields an effect and is sent its answer; it yields a `Mark` where its whole state may be known, so that
joint states can be compared and repeated ones need not be followed again.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mulligan_codemods.prove.values.terms import Value

if TYPE_CHECKING:
    import ast

__all__ = ["Effect", "EffectKind", "Mark", "MarkKind", "Refused", "Steps", "Thrown"]

T = TypeVar("T")


class EffectKind(StrEnum):
    """What kind of thing happens."""

    CALL = "call"
    AWAIT = "await"
    SLEEP = "sleep"
    ASYNC_SLEEP = "async sleep"
    STORE = "store"
    DELETE = "delete"
    ITER = "iterate"
    NEXT = "next"
    ENTER = "enter"
    EXIT = "exit"


class Effect(NamedTuple):
    """One thing that code does to the outside.

    `operands` are labelled: "" for a position, "*" and "**" for an opaque splat, else a keyword.
    `handled` is what `sys.exc_info()` would show. `log` marks log calls, `builds` the call that a `raise` makes.
    """

    kind: EffectKind
    subject: Value
    operands: tuple[tuple[str, Value], ...]
    handled: Value | None
    line: int
    log: bool = False
    builds: bool = False


class MarkKind(StrEnum):
    """Where the machine stands."""

    LOOP = "loop"
    ATTEMPT = "attempt"
    CAUGHT = "caught"
    STOPPED = "stopped"


class Mark(NamedTuple):
    """A place where states can be compared; `statement` is the one that stands there, in `frame`."""

    kind: MarkKind
    statement: ast.AST | None = None
    frame: object = None


Steps = Generator[Effect | Mark, Value, T]


class Thrown(Exception):  # noqa: N818 - a signal, not an error of ours
    """An interpreted exception on its way."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Refused(Exception):  # noqa: N818 - a signal, not an error of ours
    """A construct outside the grammar."""

    def __init__(self, code: str, message: str, node: ast.AST | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.in_new = False
        self.line: int = getattr(node, "lineno", 0)
        self.column: int = getattr(node, "col_offset", 0)
