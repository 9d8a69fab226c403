"""The variables that change from attempt to attempt: counters, growing delays, values computed in the handler.

A variable is followed only where the loop binds it in one place, on the straight line of failures (or before the
`try`), from a value given before the loop.

Rules: pure; a variable that can't be followed is known to be unknown (`None`), so that nothing is built on it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, own_nodes
from mulligan_codemods.recognise.loops.heads import Counted, Head, Items
from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.numbers.values import Capped, Growth, Line, Value, evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.names import Names
    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["Known", "advance", "at_head", "initial"]

Known = dict[str, Value | None]


def at_head(place: Place, head: Head, line: Sequence[ast.stmt]) -> Known:
    """Answer what is known of every variable that the loop binds, at the begin of attempt k.

    Args:
        place: the loop.
        head: its head.
        line: the statements that run exactly once in every failing round, in order.
    """
    known: Known = dict.fromkeys(bound_names([place.loop]))
    match head:
        case Counted(variable=str() as variable, value=value):
            known[variable] = value if _bindings(place, variable) == 0 else None
        case Items(variable=str() as variable):
            known[variable] = None
        case _:
            pass
    for statement in line:
        name = _target(statement)
        if name is not None and known.get(name) is None and _bindings(place, name) == 1:
            known[name] = _recurrence(place, statement, name, known)
    return known


def _bindings(place: Place, name: str) -> int:
    """Count the places in the loop's body that bind a name."""
    body = own_nodes(place.loop.body)
    return sum(
        1
        for node in body
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store | ast.Del)
    )


def _target(statement: ast.stmt) -> str | None:
    match statement:
        case ast.AugAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


def initial(place: Place, name: str) -> ast.expr | None:
    """Answer what a variable was given before the loop, in the loop's own block."""
    for statement in reversed(place.before):
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=bound)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value)
            ) if bound == name:
                return value
            case _ if name in bound_names([statement]):
                return None
            case _:
                continue
    return None


def _start(place: Place, name: str) -> Line | None:
    value = initial(place, name)
    if value is not None:
        if any(isinstance(node, ast.Call | ast.Await) for node in ast.walk(value)):
            return Line(Sum(0, ((name, 1),), frozenset({name})))  # called once, and it stays where it is called
        found = evaluate(value, {}, place.names)
        return found if isinstance(found, Line) and found.step.number == 0 else None
    function = place.function
    if function is not None and name in _parameters(function) and name not in bound_names(place.before):
        return Line(Sum(0, ((name, 1),), frozenset({name})))
    return None


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = function.args
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _recurrence(place: Place, statement: ast.stmt, name: str, known: Known) -> Value | None:
    start = _start(place, name)
    if start is None:
        return None
    match statement:
        case ast.AugAssign(op=op, value=value):
            return _grown(start, op, evaluate(value, known, place.names))
        case ast.Assign(value=ast.BinOp(left=ast.Name(id=read), op=op, right=value)) if read == name:
            return _grown(start, op, evaluate(value, known, place.names))
        case ast.Assign(value=ast.BinOp(left=value, op=(ast.Add() | ast.Mult()) as op, right=ast.Name(id=read))) if (
            read == name
        ):
            return _grown(start, op, evaluate(value, known, place.names))
        case ast.Assign(value=ast.Call(func=ast.Name(id="min"), args=[one, two], keywords=[])):
            return _bounded(place, start, name, known, (one, two))
        case _:
            return None


def _bounded(place: Place, start: Line, name: str, known: Known, parts: tuple[ast.expr, ast.expr]) -> Value | None:
    for grown, bound in (parts, parts[::-1]):
        cap = evaluate(bound, known, place.names)
        match grown, cap:
            case ast.BinOp(left=ast.Name(id=read), op=op, right=value), Line(start=most, step=step) if (
                read == name and step.number == 0
            ):
                found = _grown(start, op, evaluate(value, known, place.names))
                return Capped(found, most) if found is not None else None
            case _:
                continue
    return None


def _grown(start: Line, op: ast.operator, by: Value | None) -> Line | Growth | None:
    if not isinstance(by, Line) or by.step.number != 0:
        return None
    match op:
        case ast.Add():
            return Line(start.start, by.start)
        case ast.Sub():
            return Line(start.start, Sum().plus(by.start, -1))
        case ast.Mult():
            return Growth(start.start, by.start)
        case _:
            return None


def advance(statement: ast.stmt, known: Known, names: Names) -> None:
    """Bring what is known from before a statement to after it."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=name)):
            known[name] = _next(known.get(name))
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _reads(value, name):
            known[name] = _next(known.get(name))
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            known[name] = evaluate(value, known, names)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            known[name] = evaluate(value, known, names)
        case _:
            for name in bound_names([statement]):
                known[name] = None


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def _next(value: Value | None) -> Value | None:
    match value:
        case Line(start=start, step=step):
            return Line(start.plus(step), step)
        case Growth(base=base, ratio=ratio):
            return Growth(base.times(ratio), ratio)
        case Capped(value=inner, cap=cap):
            following = _next(inner)
            return Capped(following, cap) if isinstance(following, Line | Growth) else None
        case _:
            return None
