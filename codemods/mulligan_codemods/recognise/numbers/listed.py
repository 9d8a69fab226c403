"""Loops over delays: `for delay in (1, 5, 15, None)`, `for delay in (*delays, None)`.

Rules: pure; a trailing None only says that the last attempt has come; a list bound once in the module is read.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Delays, Symbol
from mulligan_codemods.names import Other, literal_number, read_names
from mulligan_codemods.recognise.loops.heads import Head, Items
from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["length_of", "listed_delays"]


def listed_delays(place: Place, head: Head, delay: ast.expr | None) -> Delays | None:
    """Answer the delays that a loop goes over and sleeps.

    Raises:
        Refused: where it does something else with them.
    """
    if not isinstance(head, Items):
        return None
    if not isinstance(delay, ast.Name) or delay.id != head.variable:
        raise Refused("ML207", "it does not simply sleep the delays that it goes over", delay or place.loop)
    items = _items(place, head.items)
    match items:
        case ast.Tuple(elts=[ast.Starred(value=inner), ast.Constant(value=None)]):
            return Delays(Symbol(place.layout.source(inner), read_names([inner])))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            numbers = [literal_number(each) for each in elements]
            found = tuple(number for number in numbers if number is not None)
            if len(found) < len(numbers) - 1 or (len(found) < len(numbers) and numbers[-1] is not None):
                raise Refused("ML207", "its delays are not all numbers", items)
            return Delays(found if len(found) < len(numbers) else found[:-1])
        case ast.Name() | ast.Attribute():
            return Delays(Symbol(place.layout.source(items), read_names([items])))
        case _:
            raise Refused("ML207", "its delays can't be read", items)


def length_of(items: ast.expr, place: Place) -> Sum | None:
    """Answer how many attempts a loop over delays makes; `None` where a trailing None ends it."""
    found = _items(place, items)
    match found:
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if elements:
            ends = isinstance(elements[-1], ast.Constant) and elements[-1].value is None
            return None if ends else Sum(len(elements))
        case _:
            return Sum(0, ((f"len({place.layout.source(items)})", 1),), read_names([items]))


def _items(place: Place, items: ast.expr) -> ast.expr:
    """Answer the list itself where a name is bound to it once, in the module."""
    if not isinstance(items, ast.Name) or not isinstance(place.names.binding(items.id), Other):
        return items
    bound = [
        statement.value
        for statement in place.tree.body
        if isinstance(statement, ast.Assign) and _binds(statement.targets, items.id)
    ]
    stores = [
        node
        for node in ast.walk(place.tree)
        if isinstance(node, ast.Name) and node.id == items.id and isinstance(node.ctx, ast.Store)
    ]
    return bound[0] if len(bound) == len(stores) == 1 else items


def _binds(targets: list[ast.expr], name: str) -> bool:
    return len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id == name
