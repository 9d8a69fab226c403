"""An attempt of one statement as one expression: a call that is made directly, or a lambda.

Rules: pure; a call is direct where its function and arguments are the same at every attempt.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Call, Result, Use
from mulligan_codemods.names import bound_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["single"]

PLAIN = ast.Name | ast.Constant


def single(
    reading: Reading, body: Sequence[ast.stmt], values: tuple[str, ...], *, waits: bool
) -> tuple[Call, Result] | None:
    """Answer an attempt of one statement as one expression."""
    if len(body) != 1:
        return None
    match body[0]:
        case ast.Return(value=ast.expr() as value):
            result = Result(use=Use.RETURNED)
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
            stored = isinstance(target, ast.Attribute) or target.id in values
            text = reading.place.layout.source(target)
            result = Result(use=Use.ASSIGNED, target=text) if stored else Result(use=Use.IGNORED)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value) if (
            name in values
        ):
            text = f"{name}: {reading.place.layout.source(annotation)}"
            result = Result(use=Use.ASSIGNED, target=text)
        case ast.Expr(value=value):
            result = Result(use=Use.IGNORED)
        case _:
            return None
    call = _call(reading, value, waits=waits)
    return None if call is None else (call, result)


def _call(reading: Reading, value: ast.expr, *, waits: bool) -> Call | None:
    layout = reading.place.layout
    called = value.value if isinstance(value, ast.Await) else value
    if waits and (called is value or any(isinstance(node, ast.Await) for node in ast.walk(called))):
        return None
    if any(isinstance(node, ast.NamedExpr) for node in ast.walk(called)):
        return None
    commented = layout.comments_between(called.lineno, called.end_lineno or called.lineno)
    if isinstance(called, ast.Call) and not commented and _steady(reading, called):
        return Call(callee=layout.source(called.func), arguments=_arguments(reading, called), direct=True)
    if waits and not isinstance(called, ast.Call):
        return None
    column = layout.column(called.lineno, called.col_offset) - len(layout.indent(called.lineno))
    return Call(callee=layout.fragment(called), arguments=(), direct=False, column=column)


def _steady(reading: Reading, call: ast.Call) -> bool:
    """Tell whether a call's function and arguments are the same at every attempt, whatever the attempts do."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    plain = all(isinstance(each.value if isinstance(each, ast.Starred) else each, PLAIN) for each in arguments)
    match call.func:
        case ast.Name():
            return plain
        case ast.Attribute(value=ast.Name(id=name)):
            return plain and name not in bound_names([reading.place.loop])
        case ast.Attribute():
            return plain and reading.place.names.resolve(call.func) is not None
        case _:
            return False


def _arguments(reading: Reading, call: ast.Call) -> tuple[str, ...]:
    layout = reading.place.layout
    found = [layout.fragment(each) for each in call.args]
    for keyword in call.keywords:
        value = layout.fragment(keyword.value)
        found.append(f"**{value}" if keyword.arg is None else f"{keyword.arg}={value}")
    return tuple(found)
