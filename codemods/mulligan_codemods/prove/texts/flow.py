# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""Which variables are still of interest where states are compared: read later, on some path, before bound again.

Rules: conservative. Whatever a handler, a `finally` or a nested function reads counts as read at any time inside.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.prove.texts.liveness import loads
from mulligan_codemods.prove.texts.scopes import walk_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["live_at_marks"]

Names = frozenset[str]
_NONE: Names = frozenset()


def live_at_marks(body: Sequence[ast.stmt], at_exit: Names) -> dict[int, Names]:
    """Return the variables of interest at each mark of a body, by the id of the statement that makes it.

    That is at the head of a loop, where a `try` has caught an exception, and where one leaves a `with`.

    Args:
        body: the statements.
        at_exit: the variables that are of interest after them.
    """
    nested = [
        node
        for statement in body
        for node in walk_scope([statement])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    always = at_exit | loads(nested)
    flow = _Flow({})
    flow.block(body, always, _Around(always=always, breaks=always, continues=always, raises=always))
    return flow.marks


@dataclass(frozen=True, slots=True)
class _Around:
    always: Names
    breaks: Names
    continues: Names
    raises: Names


@dataclass(frozen=True, slots=True)
class _Flow:
    marks: dict[int, Names]

    def block(self, statements: Sequence[ast.stmt], after: Names, around: _Around) -> Names:
        for statement in reversed(statements):
            after = self.statement(statement, after, around) | around.raises | around.always
        return after

    def statement(self, node: ast.stmt, after: Names, around: _Around) -> Names:
        match node:
            case ast.Return() | ast.Raise():
                return frozenset(loads([node]))
            case ast.Break():
                return around.breaks
            case ast.Continue():
                return around.continues
            case ast.If(test=test, body=body, orelse=orelse):
                return self.block(body, after, around) | self.block(orelse, after, around) | loads([test])
            case ast.While() | ast.For() | ast.AsyncFor():
                return self.loop(node, after, around)
            case ast.Try():
                return self.attempt(node, after, around)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                self.marks[id(node)] = around.raises | around.always | after
                inner = replace(around, raises=around.raises | after)
                bound = {name for item in items if item.optional_vars for name in _stored(item.optional_vars)}
                return (self.block(body, after, inner) - bound) | loads(items)
            case _:
                return (after - _kills(node)) | loads([node])

    def loop(self, node: ast.While | ast.For | ast.AsyncFor, after: Names, around: _Around) -> Names:
        ended = self.block(node.orelse, after, around)
        first = loads([node.test]) if isinstance(node, ast.While) else set[str]()
        targets = _NONE if isinstance(node, ast.While) else _stored(node.target)
        head = frozenset(first | ended | around.raises | around.always)
        while True:
            inner = replace(around, breaks=after, continues=head)
            found = head | first | ended | (self.block(node.body, head, inner) - targets) | around.always
            if not isinstance(node, ast.While):
                found |= loads([node.target])
            if found == head:
                break
            head = frozenset(found)
        self.marks[id(node)] = head
        return head if isinstance(node, ast.While) else head | loads([node.iter])

    def attempt(self, node: ast.Try, after: Names, around: _Around) -> Names:
        final = self.block(node.finalbody, after, around)
        leaves = around
        if node.finalbody:
            used = final | loads(node.finalbody)
            leaves = replace(
                around,
                breaks=around.breaks | used,
                continues=around.continues | used,
                raises=around.raises | used,
            )
        caught: Names = leaves.raises
        for handler in node.handlers:
            bound = frozenset({handler.name}) if handler.name else _NONE
            types = loads([handler.type]) if handler.type is not None else set[str]()
            caught |= (self.block(handler.body, final, leaves) - bound) | types
        self.marks[id(node)] = caught
        orelse = self.block(node.orelse, final, leaves)
        return self.block(node.body, orelse, replace(leaves, raises=leaves.raises | caught)) | caught


def _stored(target: ast.expr) -> Names:
    return frozenset(
        node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _kills(node: ast.stmt) -> Names:
    match node:
        case ast.Assign(targets=targets):
            return frozenset[str]().union(*map(_stored, targets))
        case ast.AnnAssign(target=target, value=ast.expr()):
            return _stored(target)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return frozenset({name})
        case _:
            return _NONE
