"""Numbers and lengths of time as a use gives them: literals as numbers, everything else as the code spells it.

Rules: pure; a literal keeps its kind (`1` stays `1`). Milliseconds become seconds once, here.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import at_least_one
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Symbol
from mulligan_codemods.names import literal_number, read_names

if TYPE_CHECKING:
    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import Amount, Premise

__all__ = ["amount", "counted", "difference", "is_none", "known", "product", "seconds"]

UNITS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001, "weeks": 604800}


def amount(argument: Argument) -> Amount:
    """Answer a number, or the expression for it.

    Raises:
        Refused: it is no number at all.
    """
    number = _number(argument)
    if number is not None:
        return number
    if isinstance(argument.node, ast.Constant | ast.Lambda | ast.Dict | ast.List | ast.Tuple | ast.Set):
        raise Refused("ML251", f"`{argument.text}` is no number", argument.node)
    return Symbol(argument.flat, read_names([argument.node]))


def _number(argument: Argument) -> int | float | None:
    node = argument.node
    match node:
        case ast.Call(func=func, args=[], keywords=keywords) if argument.place.resolve(func) == "datetime.timedelta":
            parts = [(UNITS.get(each.arg or ""), literal_number(each.value)) for each in keywords]
            if all(unit is not None and value is not None for unit, value in parts):
                return _plain(sum((unit or 0) * (value or 0) for unit, value in parts))
            return None
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = literal_number(left), literal_number(right)
            return None if one is None or other is None else _plain(one * other)
        case _:
            return literal_number(node)


def _plain(number: float) -> int | float:
    """Answer a whole number as an `int`.

    >>> _plain(2.0), _plain(0.25)
    (2, 0.25)
    """
    return int(number) if number == int(number) else number


def seconds(argument: Argument, *, milliseconds: bool) -> Amount:
    """Answer a length of time in seconds."""
    found = amount(argument)
    if not milliseconds:
        return found
    if not isinstance(found, Symbol):
        return _plain(found / 1000)
    match argument.node:
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=1000)) if not argument.listed:
            return Symbol(argument.place.source(left), read_names([left]))
        case ast.BinOp(left=ast.Constant(value=1000), op=ast.Mult(), right=right) if not argument.listed:
            return Symbol(argument.place.source(right), read_names([right]))
        case _:
            return product(found, 0.001)


def product(found: Amount, factor: float) -> Amount:
    """Answer an amount times a number.

    >>> product(2, 0.5), product(Symbol("pause"), 0.001), product(Symbol("a + b"), 2)
    (1, Symbol(text='pause / 1000'), Symbol(text='2 * (a + b)'))
    """
    if not isinstance(found, Symbol):
        return _plain(found * factor)
    if factor == 1:
        return found
    text = _operand(found.text)
    return Symbol(f"{text} / 1000" if factor == 0.001 else f"{_plain(factor)} * {text}", found.names)


def difference(greater: Amount, less: Amount) -> Amount:
    """Answer one amount minus another.

    >>> difference(3, 1), difference(Symbol("most"), 0), difference(Symbol("most"), Symbol("least"))
    (2, Symbol(text='most'), Symbol(text='most - least'))
    """
    if not isinstance(greater, Symbol) and not isinstance(less, Symbol):
        return _plain(round(greater - less, 12))
    if less == 0:
        return greater
    one, other = (each.text if isinstance(each, Symbol) else repr(each) for each in (greater, less))
    names = [each.names for each in (greater, less) if isinstance(each, Symbol)]
    return Symbol(f"{_operand(one)} - {_operand(other)}", frozenset[str]().union(*names))


def _operand(text: str) -> str:
    simple = isinstance(
        ast.parse(text.strip(), mode="eval").body, ast.Name | ast.Attribute | ast.Call | ast.Constant | ast.Subscript
    )
    return text if simple else f"({text})"


def known(argument: Argument, found: Amount) -> int | float | None:
    """Answer the number behind an amount, where the module binds the name once and for all."""
    if not isinstance(found, Symbol):
        return found
    return argument.place.names.number(argument.node.id) if isinstance(argument.node, ast.Name) else None


def counted(argument: Argument, name: str) -> tuple[Amount, tuple[Premise, ...]]:
    """Answer a number of attempts, and the premise on it where the code computes it.

    Raises:
        Refused: it is none that attempts can have.
    """
    found = amount(argument)
    number = known(argument, found)
    if number is not None and (number < 1 or number % 1):
        raise Refused("ML251", f"`{name}` is {number:g}", argument.node)
    return found, () if number is not None else at_least_one(found)


def is_none(argument: Argument) -> bool:
    """Tell whether an argument says `None`."""
    return isinstance(argument.node, ast.Constant) and argument.node.value is None
