"""Branches of a handler that count as success: "already exists", "not found is fine".

Such a branch becomes part of the operation, which answers there instead of failing, wherever what the branch leads to is
what a success leads to. Otherwise it stays around the call: the error isn't retried, and is handled there.

Rules: pure; what neither can say is refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, own_nodes
from mulligan_codemods.recognise.flow import Exit, exits
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.recognise.endings import Guard
    from mulligan_codemods.recognise.reading import Reading

__all__ = ["answer_after", "is_inside", "keeps_answer", "settles"]

SETTLED = frozenset({Exit.RETURN, Exit.BREAK})


def settles(guard: Guard) -> bool:
    """Tell whether a guard's branch counts as success: it leaves the loop without an exception, on every path."""
    return exits(guard.action) <= SETTLED


def is_inside(reading: Reading, guard: Guard) -> bool:
    """Tell whether a branch becomes part of the operation.

    Raises:
        Refused: where it can stand neither there nor around the call.
    """
    if not settles(guard):
        return False
    ways = exits(guard.action)
    returning = Exit.RETURN in exits(reading.anatomy.attempt.body)
    if ways == {Exit.RETURN} and (returning or _follows_nothing(reading)):
        return True
    if ways == {Exit.BREAK}:
        fits = answer_after(reading) is not None if returning else _follows_nothing(reading) and not _binds(reading)
        if fits:
            return True
    if Exit.BREAK in ways:
        raise Refused("ML205", "one branch of the handler goes on behind the loop as nothing else does", guard.statement)
    return False


def _follows_nothing(reading: Reading) -> bool:
    """Tell whether a success that doesn't return does nothing more inside of the loop, but for a bare `return`."""
    otherwise = [*reading.anatomy.attempt.orelse, *(reading.anatomy.tail if reading.through_tail else ())]
    rest = [each for each in otherwise if not isinstance(each, ast.Break)]
    return not rest or (len(rest) == 1 and isinstance(rest[0], ast.Return) and rest[0].value is None)


def _binds(reading: Reading) -> bool:
    """Tell whether code behind the loop reads what only a success binds."""
    return any(reading.place.read_later(name) for name in bound_names(reading.anatomy.attempt.body))


def answer_after(reading: Reading) -> str | None:
    """Answer what the function returns where the loop is left by `break`: a constant, or nothing; else `None`."""
    place = reading.place
    match place.after:
        case () if place.function is place.ancestors[-1]:
            return "None"
        case (ast.Return(value=ast.Constant() as value),):
            return place.layout.source(value)
        case (ast.Return(value=None),):
            return "None"
        case _:
            return None


def keeps_answer(reading: Reading, answer: ast.Return) -> bool:
    """Tell whether the operation has to return its constant, because a branch returns another one."""
    values = [
        node.value
        for guard in reading.guards
        if settles(guard)
        for node in own_nodes(guard.action)
        if isinstance(node, ast.Return)
    ]
    constants = [answer.value, *values]
    return bool(values) and any(each is not None and ast.unparse(each) != "None" for each in constants)

