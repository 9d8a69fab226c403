"""What the effects of a handler are: a log line, a name that is bound, the error that is saved, the error raised again.

Rules: pure.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

from mulligan_codemods.names import dotted, own_nodes
from mulligan_codemods.recognise.loops.flow import Exit, exits
from mulligan_codemods.recognise.reading.steps import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.reading.failure import Placed

__all__ = ["assigned", "is_log", "is_save", "is_sleep", "leaves", "only_leaves", "raises_again", "raises_one_of"]

LOGS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}


def is_log(statement: ast.stmt) -> bool:
    """Tell whether a statement does nothing but log, or bind a name."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in LOGS
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in {"print", "log", *LOGS}
        case ast.If(test=test, body=body, orelse=otherwise):
            asked = [each for each in ast.walk(test) if isinstance(each, ast.Call)]
            known = all(isinstance(each.func, ast.Name) and each.func.id == "isinstance" for each in asked)
            return known and all(map(is_log, (*body, *otherwise)))
        case _:
            return isinstance(statement, ast.Assign) or not any(
                isinstance(node, ast.Call) for node in own_nodes([statement])
            )


def is_sleep(node: ast.AST) -> bool:
    """Tell whether something calls a function that is called `sleep`, whoever's it is."""
    return isinstance(node, ast.Call) and (dotted(node.func) or "").rpartition(".")[2].strip("_") == "sleep"


def leaves(each: Placed) -> bool:
    """Tell whether an effect may leave the loop."""
    return isinstance(each.step, Effect) and exits([each.step.statement]) != frozenset({Exit.NEXT})


def assigned(each: Placed) -> str | None:
    """Answer the name that an effect binds, where that is all that it does."""
    match each.step.statement if isinstance(each.step, Effect) else None:
        case (
            ast.Assign(targets=[ast.Name(id=name)])
            | ast.AugAssign(target=ast.Name(id=name))
            | ast.AnnAssign(target=ast.Name(id=name))
        ):
            return name
        case _:
            return None


def is_save(statement: ast.stmt, error: str | None) -> TypeGuard[ast.Assign]:
    """Tell whether a statement only gives the error another name: `last_error = error`."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Name(id=name)):
            return name == error
        case _:
            return False


def raises_again(statement: ast.Raise, error: str | None) -> bool:
    """Tell whether a statement raises the error that is being handled, as it is."""
    match statement:
        case ast.Raise(exc=None):
            return True
        case ast.Raise(exc=ast.Name(id=name), cause=None):
            return name == error
        case _:
            return False


def raises_one_of(statement: ast.Raise, names: set[str]) -> bool:
    """Tell whether a statement raises one of the errors that were saved under these names, as it is."""
    return isinstance(statement.exc, ast.Name) and statement.exc.id in names and statement.cause is None


def only_leaves(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements raise or return, and call nothing but the new exception's class."""
    match body:
        case [ast.Raise(exc=ast.Call(args=args, keywords=keywords))]:
            parts: list[ast.AST] = [*args, *keywords]
        case [ast.Raise() | ast.Return()]:
            parts = list(body)
        case _:
            return False
    return not any(isinstance(node, ast.Call | ast.Await) for part in parts for node in ast.walk(part))
