"""The parts of a loop that tries again: the try, what runs before and after it, how success and failure go on.

Rules: pure; the first `try` whose handler can go round again is the attempt; nothing is judged here.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function
from mulligan_codemods.recognise.loops.flow import AWAY, Exit, exits
from mulligan_codemods.recognise.loops.place import Loop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["Anatomy", "dissect"]

AGAIN = frozenset({Exit.NEXT, Exit.CONTINUE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Anatomy:
    """A loop taken apart.

    Args:
        lead: the statements of the loop's body before the attempt.
        attempt: the `try` whose failure goes round again.
        tail: the statements that follow the attempt, inner blocks first.
        direct: whether the attempt stands directly in the loop's body.
    """

    place: Place
    lead: tuple[ast.stmt, ...]
    attempt: ast.Try
    tail: tuple[ast.stmt, ...]
    direct: bool

    @property
    def success(self) -> frozenset[Exit]:
        """How the loop's body ends when no exception is raised."""
        return exits([*self.attempt.body, *self.attempt.orelse, *self.tail])

    def failure(self, handler: ast.ExceptHandler) -> frozenset[Exit]:
        """How the loop's body ends when this handler runs."""
        return exits([*handler.body, *self.tail])

    @property
    def again(self) -> tuple[ast.ExceptHandler, ...]:
        """The handlers after which the loop can go round again."""
        return tuple(handler for handler in self.attempt.handlers if self.failure(handler) & AGAIN)

    @property
    def always_leaves(self) -> bool:
        """Whether success always leaves the loop."""
        return self.success <= AWAY


def dissect(place: Place) -> Anatomy | None:
    """Take a loop apart; `None` where no handler of its own goes round again."""
    for found in _anatomies(place, place.loop.body, (), direct=True):
        if found.again:
            return found
    return None


def _anatomies(
    place: Place,
    body: Sequence[ast.stmt],
    after: tuple[ast.stmt, ...],
    *,
    direct: bool,
    lead: tuple[ast.stmt, ...] = (),
) -> Iterator[Anatomy]:
    for index, statement in enumerate(body):
        rest = (*body[index + 1 :], *after)
        before = (*lead, *body[:index])
        if isinstance(statement, ast.Try):
            if statement.handlers:
                yield Anatomy(place=place, lead=before, attempt=statement, tail=rest, direct=direct)
            inner = [statement.body, statement.orelse, *(handler.body for handler in statement.handlers)]
        elif isinstance(statement, Loop | Function | ast.ClassDef):
            inner = []
        else:
            inner = [block for block in (getattr(statement, "body", []), getattr(statement, "orelse", [])) if block]
        for block in inner:
            yield from _anatomies(place, block, rest, direct=False, lead=before)
