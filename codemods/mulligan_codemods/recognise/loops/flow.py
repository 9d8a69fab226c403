"""How a block of statements can end: by its last statement, or by leaving the loop or the function.

Rules: pure; exceptions that a call might raise are not counted, only `raise` statements; what a loop inside does with
`break` and `continue` is its own business.
"""

from __future__ import annotations

import ast
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["AWAY", "Exit", "exits", "jumps", "reached"]


class Exit(StrEnum):
    """A way out of a block."""

    NEXT = "next"
    CONTINUE = "continue"
    BREAK = "break"
    RETURN = "return"
    RAISE = "raise"


Exits = frozenset[Exit]
AWAY: Exits = frozenset({Exit.BREAK, Exit.RETURN, Exit.RAISE})
NEXT: Exits = frozenset({Exit.NEXT})


def reached(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    """Answer a block without the statements that nothing reaches.

    >>> [type(each).__name__ for each in reached(ast.parse("raise E; x = 1").body)]
    ['Raise']
    """
    for count in range(1, len(body)):
        if Exit.NEXT not in exits(body[:count]):
            return body[:count]
    return body


def jumps(body: Iterable[ast.stmt]) -> list[ast.Break | ast.Continue]:
    """Answer every `break` and `continue` of a block that belongs to a loop around it, dead ones too."""
    found: list[ast.Break | ast.Continue] = []
    stack: list[ast.AST] = list(body)
    while stack:
        match stack.pop():
            case ast.Break() | ast.Continue() as node:
                found.append(node)
            case ast.For(orelse=orelse) | ast.AsyncFor(orelse=orelse) | ast.While(orelse=orelse):
                stack.extend(orelse)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                continue
            case node:
                stack.extend(ast.iter_child_nodes(node))
    return found


def exits(body: Iterable[ast.stmt]) -> Exits:
    """Answer every way in which a block can end.

    >>> sorted(exits(ast.parse("if x: raise E").body))
    [<Exit.NEXT: 'next'>, <Exit.RAISE: 'raise'>]
    """
    found: Exits = NEXT
    for statement in body:
        if Exit.NEXT not in found:
            return found
        found = (found - NEXT) | _exits_of(statement)
    return found


def _exits_of(statement: ast.stmt) -> Exits:  # noqa: PLR0911 - one answer per statement
    match statement:
        case ast.Return():
            return frozenset({Exit.RETURN})
        case ast.Raise():
            return frozenset({Exit.RAISE})
        case ast.Break():
            return frozenset({Exit.BREAK})
        case ast.Continue():
            return frozenset({Exit.CONTINUE})
        case ast.If(body=body, orelse=otherwise):
            return exits(body) | exits(otherwise)
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return exits(body)
        case ast.For() | ast.AsyncFor() | ast.While():
            return _loop_exits(statement)
        case ast.Try() | ast.TryStar():
            return _try_exits(statement)
        case ast.Match(cases=cases):
            return NEXT.union(*(exits(case.body) for case in cases))
        case _:
            return NEXT


def _loop_exits(loop: ast.For | ast.AsyncFor | ast.While) -> Exits:
    inside = exits(loop.body)
    endless = isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    after = frozenset[Exit]() if endless else exits(loop.orelse)
    broken = NEXT if Exit.BREAK in inside else frozenset[Exit]()
    return (inside & {Exit.RETURN, Exit.RAISE}) | broken | after


def _try_exits(statement: ast.Try | ast.TryStar) -> Exits:
    final = exits(statement.finalbody)
    if Exit.NEXT not in final:
        return final
    body = exits(statement.body)
    tried = (body - NEXT) | exits(statement.orelse) if Exit.NEXT in body else body
    caught = frozenset[Exit]().union(*(exits(handler.body) for handler in statement.handlers))
    return tried | caught | (final - NEXT)
