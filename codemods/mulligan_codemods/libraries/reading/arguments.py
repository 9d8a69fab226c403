"""The arguments of a use by the parameters of its symbol, those of a `**CONFIG` dictionary included.

A dictionary is read where it is written down: in the module, in a function around, or in another module of the project.
What comes from one is spelled `CONFIG["max_tries"]`, so it stays what it was.

Rules: pure but for reading the project's own files; nothing is imported. What can't be read is refused.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.reading.dictionaries import entries_of
from mulligan_codemods.libraries.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mulligan.compat.symbols import Symbol
    from mulligan_codemods.libraries.reading.place import Place

__all__ = ["Argument", "bind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument.

    Args:
        node: the expression that says it.
        place: where that is written, which says what its names mean.
        text: how the use spells it.
        listed: the dictionary that it comes from, as the use spells it; empty where it stands in the call.
    """

    node: ast.expr
    place: Place
    text: str
    listed: str = ""

    @property
    def flat(self) -> str:
        """The text on one line."""
        return self.text if "\n" not in self.text else ast.unparse(self.node)


def bind(place: Place, call: ast.expr, symbol: Symbol) -> Mapping[str, Argument]:
    """Answer the arguments by parameter; those that a library swallows as `**kwargs` by their own names.

    What is left over for `*args` is called `*` and its place.

    Args:
        place: the use.
        call: the call; something else was not called and has no arguments.
        symbol: what is called.

    Raises:
        Refused: an argument can't be read.
    """
    if not isinstance(call, ast.Call):
        return {}
    found = dict(_positional(place, call, symbol))
    for name, argument in _keywords(place, call):
        if name in found:
            raise Refused("ML250", f"{name} is given twice", argument.node)
        found[name] = argument
    return found


def _positional(place: Place, call: ast.Call, symbol: Symbol) -> Iterator[tuple[str, Argument]]:
    names = [each.name for each in symbol.parameters if each.passing == "either"]
    if any(each.passing == "rest" for each in symbol.parameters):
        names += [f"*{position}" for position in range(len(names), len(call.args))]
    for position, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            raise Refused("ML255", "its arguments come from a sequence", node)
        if position >= len(names):
            raise Refused("ML250", f"{symbol.name} has no parameter for this argument", node)
        yield names[position], Argument(node=node, place=place, text=place.source(node))


def _keywords(place: Place, call: ast.Call) -> Iterator[tuple[str, Argument]]:
    for keyword in call.keywords:
        if keyword.arg is not None:
            node = keyword.value
            yield keyword.arg, Argument(node=node, place=place, text=place.source(node))
            continue
        origin, entries = entries_of(place, keyword.value)
        spelled = place.source(keyword.value)
        inline = isinstance(keyword.value, ast.Dict)
        for name, node in entries.items():
            text = place.source(node) if inline else f'{spelled}["{name}"]'
            yield name, Argument(node=node, place=origin, text=text, listed="" if inline else spelled)
