"""Branches of a handler that count as success: "already exists", "not found is fine".

Such a branch becomes part of the operation, which answers there instead of failing, wherever the branch leads to
what a success leads to. Otherwise it stays around the call: the error isn't retried, and is handled there.

Rules: pure; what neither can say is refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, own_nodes
from mulligan_codemods.recognise.loops.flow import Exit, exits
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.recognise.reading.failure import Guard
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["answer_of_break", "check_settling", "is_inside", "keeps_answer", "leads_to_success", "settles"]

MOST_ANSWERS = 3
"""A handler with more answers is a decision tree rather than a handler."""

SETTLED = frozenset({Exit.RETURN, Exit.BREAK})


def settles(guard: Guard) -> bool:
    """Tell whether a guard's branch counts as success: it leaves the loop without an exception, on every path."""
    return exits(guard.action) <= SETTLED


def is_inside(reading: Reading, guard: Guard) -> bool:
    """Tell whether a branch becomes part of the operation.

    Raises:
        Refused: where it can stand neither there nor around the call.
    """
    return settles(guard) and leads_to_success(reading, guard.statement, exits(guard.action))


def leads_to_success(reading: Reading, statement: ast.stmt, ways: frozenset[Exit]) -> bool:
    """Tell whether what leaves the loop in these ways could be the end of an attempt.

    Raises:
        Refused: where it goes on behind the loop as nothing else does.
    """
    inside = exits(reading.anatomy.attempt.body)
    after = _after_success(reading)
    if ways == frozenset({Exit.RETURN}) and (Exit.RETURN in inside or _ends_there(reading, after)):
        return True
    if ways == frozenset({Exit.BREAK}):
        fits = _answer_after(reading) is not None if Exit.RETURN in inside else not after and not _binds(reading)
        if fits:
            return True
    if Exit.BREAK in ways:
        raise Refused("ML205", "one branch of the handler goes on behind the loop as nothing else does", statement)
    return False


def _after_success(reading: Reading) -> list[ast.stmt]:
    """Answer what a success that doesn't return still does inside of the loop."""
    otherwise = [*reading.anatomy.attempt.orelse, *(reading.anatomy.tail if reading.through_tail else ())]
    return [each for each in otherwise if not isinstance(each, ast.Break)]


def _ends_there(reading: Reading, after: list[ast.stmt]) -> bool:
    """Tell whether the function ends without an answer where a success leaves the loop."""
    match after:
        case []:
            return not reading.place.after and reading.place.function is reading.place.ancestors[-1]
        case [ast.Return(value=None)]:
            return True
        case _:
            return False


def _binds(reading: Reading) -> bool:
    """Tell whether code behind the loop reads what only a success binds."""
    return any(reading.place.read_later(name) for name in bound_names(reading.anatomy.attempt.body))


def _answer_after(reading: Reading) -> str | None:
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


def answer_of_break(reading: Reading) -> str:
    """Answer what the operation returns where a branch breaks: what the function does, if a success returns from it."""
    returns = Exit.RETURN in exits(reading.anatomy.attempt.body)
    return (_answer_after(reading) or "") if returns else ""


def keeps_answer(reading: Reading, answer: ast.Return) -> bool:
    """Tell whether the operation has to return its constant, because a branch returns another one."""
    values = [
        node.value
        for statement in [
            *(each for guard in reading.guards if settles(guard) for each in guard.action),
            *(each.step.statement for each in reading.line),
        ]
        for node in own_nodes([statement])
        if isinstance(node, ast.Return)
    ]
    constants = [answer.value, *values]
    return bool(values) and any(each is not None and ast.unparse(each) != "None" for each in constants)


def check_settling(reading: Reading, *, endless: bool) -> None:
    """Refuse handlers that decide more than whether to retry.

    Args:
        reading: the loop.
        endless: whether nothing limits it.

    Raises:
        Refused: where there are many answers, or an endless loop is left because of something else than the error.
    """
    inside = [each.step.statement for each in reading.line]
    inside += [each for guard in reading.guards for each in guard.action]
    answers = {id(node) for node in own_nodes(inside) if isinstance(node, ast.Return)}
    if len(answers) > MOST_ANSWERS:
        raise Refused("ML218", "the handler is a decision tree", reading.handler)
    for guard in reading.guards:
        if endless and settles(guard) and not guard.of_error:
            raise Refused("ML206", "an endless loop is left because of something else than the error", guard.statement)
