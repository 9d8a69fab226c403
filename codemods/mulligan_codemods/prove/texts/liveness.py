"""Which names code reads, by scope: what is still of interest after a range of statements.

Rules: conservative. A name read in a nested function may be read at any time; in a loop everything may be read again.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.texts.scopes import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["captured", "loads", "read_after", "reads_around"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def loads(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names of the surrounding scope that nodes read or delete."""
    found: set[str] = set()
    for node in nodes:
        found |= _loads(node)
    return found


def _loads(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load() | ast.Del()):
            return {name}
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            return {name} | _loads(value)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
            around = [child for child in ast.iter_child_nodes(node) if child not in body]
            return (loads(body) - scope_of(node).bound) | loads(around)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return loads(ast.iter_child_nodes(node)) - _targets(node)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return set(names)
        case _:
            return loads(ast.iter_child_nodes(node))


def _targets(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> set[str]:
    return {
        inner.id
        for clause in node.generators
        for inner in ast.walk(clause.target)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }


def reads_around(function: Definition, region: Sequence[ast.stmt]) -> set[str]:
    """Return the names that a function reads outside a range of its statements."""
    return _outside(function, region, after=None)


def read_after(function: Definition, region: Sequence[ast.stmt]) -> set[str]:
    """Return the names that may be read after a range that stands in no loop."""
    if not region:
        return reads_around(function, region)
    return _outside(function, region, after=region[-1].end_lineno or 0) | captured(function, region)


def captured(function: Definition, region: Sequence[ast.stmt]) -> set[str]:
    """Return the names of the function that nested functions outside the range read."""
    inside = {id(node) for statement in region for node in ast.walk(statement)}
    nested = [
        node
        for node in ast.walk(function)
        if isinstance(node, _FUNCTIONS) and node is not function and id(node) not in inside
    ]
    return loads(nested)


def _outside(function: Definition, region: Sequence[ast.stmt], after: int | None) -> set[str]:
    inside = set(map(id, region))
    found: set[str] = set()
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if id(node) in inside:
            continue
        if _holds_statements(node):
            stack.extend(ast.iter_child_nodes(node))
        elif after is None or getattr(node, "end_lineno", after + 1) > after:
            found |= _loads(node)
    return found


def _holds_statements(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case) and hasattr(node, "body")
