"""What a constant says of itself: the string that stands below its assignment, where it is assigned."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module

__all__ = ["described"]


def described(module: str, name: str) -> str:
    """Answer the docstring of a constant, "" where it has none.

    >>> described("mulligan", "UNLIMITED")
    'Says that no limit of attempts is meant.'
    """
    body = _statements(module)
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if name in _assigned(statement):
            return _text(following)
    for statement in body:
        if isinstance(statement, ast.ImportFrom) and statement.module and statement.level == 0:
            found = [alias.name for alias in statement.names if (alias.asname or alias.name) == name]
            if found and statement.module.startswith("mulligan"):
                return described(statement.module, found[0])
    return ""


@cache
def _statements(module: str) -> list[ast.stmt]:
    return ast.parse(inspect.getsource(import_module(module))).body


def _assigned(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _text(statement: ast.stmt | None) -> str:
    match statement:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return inspect.cleandoc(text)
        case _:
            return ""
