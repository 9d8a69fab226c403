"""The names that an attempt reads and binds: in which order, and on which paths.

Rules: pure; what is bound on some paths only is not surely bound.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, bound_names, read_names
from mulligan_codemods.recognise.loops.flow import Exit, exits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["binding_order", "read_first", "surely_bound"]


def read_first(body: Sequence[ast.stmt]) -> set[str]:
    """Answer the names that may be read before the attempt itself binds them, in the order of evaluation."""
    bound: set[str] = set()
    found: set[str] = set()
    for statement in body:
        match statement:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                found |= read_names([value]) - bound
            case ast.AugAssign(target=ast.Name(id=name)):
                found |= ({name} | read_names([statement.value])) - bound
            case ast.With(items=items, body=inner) | ast.AsyncWith(items=items, body=inner):
                found |= read_names([item.context_expr for item in items]) - bound
                bound |= bound_names([item.optional_vars for item in items if item.optional_vars])
                found |= read_first(inner) - bound
            case (
                ast.For(target=target, iter=iterated, body=inner)
                | ast.AsyncFor(target=target, iter=iterated, body=inner)
            ):
                found |= read_names([iterated]) - bound
                found |= read_first(inner) - bound - bound_names([target])
            case ast.If(test=test, body=then, orelse=otherwise):
                found |= read_names([test]) - bound
                found |= (read_first(then) | read_first(otherwise)) - bound
            case _:
                inside = {
                    node.id
                    for node in ast.walk(statement)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                }
                found |= read_names([statement]) - bound - (inside if isinstance(statement, Function) else set())
                found |= _augmented(statement) - bound
        bound |= surely_bound([statement])
    return found


def _augmented(statement: ast.stmt) -> set[str]:
    return {
        node.target.id
        for node in ast.walk(statement)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }


def surely_bound(body: Iterable[ast.stmt]) -> set[str]:
    """Answer the names that a block binds on every path to its end."""
    found: set[str] = set()
    for statement in body:
        match statement:
            case ast.Assign() | ast.AnnAssign() | ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
                found |= bound_names([statement])
            case ast.With(items=items, body=inner) | ast.AsyncWith(items=items, body=inner):
                found |= bound_names([item.optional_vars for item in items if item.optional_vars]) | surely_bound(inner)
            case ast.If(body=then, orelse=otherwise):
                reaching = [surely_bound(branch) for branch in (then, otherwise) if Exit.NEXT in exits(branch)]
                found |= set[str].intersection(*reaching) if reaching else set()
            case _:
                continue
    return found


def binding_order(body: Sequence[ast.stmt]) -> list[str]:
    """Answer the names that a block binds, in the order of their first binding."""
    stores = [
        node
        for each in body
        for node in ast.walk(each)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    others = sorted(bound_names(body) - {node.id for node in stores})
    return [node.id for node in sorted(stores, key=lambda node: (node.lineno, node.col_offset))] + others
