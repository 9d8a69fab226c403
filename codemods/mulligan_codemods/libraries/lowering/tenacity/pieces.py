"""A strategy of tenacity where it is written: in the call, or as the one value of a name.

Rules: a name stands for its value where it is bound once; what the code computes in such a value is refused, because it
was computed earlier.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.reading.amounts import amount
from mulligan_codemods.libraries.reading.arguments import Argument, bind
from mulligan_codemods.libraries.reading.dictionaries import bindings_of
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Symbol
from mulligan_codemods.uses.tables import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.lowered import Amount

__all__ = ["Piece", "piece_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A strategy.

    Args:
        node: the expression that makes it.
        place: where that stands.
        elsewhere: whether it was made before the use.
    """

    node: ast.expr
    place: Place
    elsewhere: bool = False

    @property
    def path(self) -> str:
        """The dotted name of what is called, or of what it is; empty where that is not known."""
        called = self.node.func if isinstance(self.node, ast.Call) else self.node
        return self.place.resolve(called) or ""

    @property
    def name(self) -> str:
        """The symbol of tenacity that it is made by; empty where it is none."""
        entry = BUILTIN.entry(self.path)
        return entry.symbol.name if entry is not None and entry.library.name == "tenacity" else ""

    def inside(self, node: ast.expr) -> Piece:
        """Answer a part of it."""
        return _followed(Piece(node=node, place=self.place, elsewhere=self.elsewhere))

    def arguments(self) -> Mapping[str, Argument]:
        """Answer what it is made of, by parameter."""
        entry = BUILTIN.entry(self.path)
        return {} if entry is None else bind(self.place, self.node, entry.symbol)

    def parts(self) -> tuple[Piece, ...]:
        """Answer the strategies that it combines: by an operator, or as arguments."""
        match self.node:
            case ast.BinOp(left=left, right=right):
                return self.inside(left), self.inside(right)
            case ast.Call(args=args) if not any(isinstance(each, ast.Starred) for each in args):
                return tuple(map(self.inside, args))
            case _:
                raise Refused("ML255", "the strategies that are combined can't be read", self.node)

    def number(self, argument: Argument | None, default: float | None) -> Amount | None:
        """Answer an amount that it is made with."""
        found = default if argument is None else amount(argument)
        if self.elsewhere and isinstance(found, Symbol) and argument is not None:
            raise Refused("ML255", f"`{argument.text}` is computed where the strategy is made", argument.node)
        return found


def piece_of(argument: Argument) -> Piece:
    """Answer the strategy that an argument is."""
    return _followed(Piece(node=argument.node, place=argument.place, elsewhere=bool(argument.listed)))


def _followed(piece: Piece) -> Piece:
    if not isinstance(piece.node, ast.Name) or piece.path:
        return piece
    found = [*bindings_of(piece.place, piece.node.id)]
    if len(found) != 1:
        return piece
    return _followed(Piece(node=found[0], place=piece.place, elsewhere=True))
