"""Deadlines: a test of the clock as a number of seconds since the loop began.

Spellings: `clock() >= end` with `end = clock() + seconds` before the loop, `clock() - start > seconds` and
`clock() > start + seconds` with `start = clock()`.

Rules: pure; the clock must be read right before the loop, or the seconds would not count from its begin.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes, read_names
from mulligan_codemods.recognise.numbers.values import Line, evaluate

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.numbers.sums import Sum

__all__ = ["deadline", "is_clock", "is_timed"]

CLOCKS = frozenset({"time.time", "time.monotonic", "time.perf_counter"})


def is_clock(place: Place, expression: ast.expr) -> bool:
    """Tell whether an expression reads the clock and nothing else."""
    return (
        isinstance(expression, ast.Call)
        and not expression.args
        and not expression.keywords
        and place.names.resolve(expression.func) in CLOCKS
    )


def is_timed(place: Place, test: ast.expr) -> bool:
    """Tell whether a test reads a clock, or a name that was given by one."""
    names = read_names([test])
    given = [_given(place, name) for name in names]
    return any(
        isinstance(node, ast.Call) and (is_clock(place, node) or ast.unparse(node.func).endswith(("now", "time")))
        for each in (test, *given)
        if each is not None
        for node in ast.walk(each)
    )


def deadline(place: Place, test: ast.expr, *, negated: bool) -> Sum | None:
    """Answer after how many seconds a test (or its negation) becomes true, `None` where it isn't about the clock."""
    match test:
        case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE()], comparators=[right]) if not negated:
            late, early = left, right
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=[right]) if not negated:
            late, early = right, left
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=[right]):
            late, early = left, right
        case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE()], comparators=[right]):
            late, early = right, left
        case _:
            return None
    match late:
        case ast.Call() if is_clock(place, late):
            return _instant(place, early)
        case ast.BinOp(left=now, op=ast.Sub(), right=ast.Name(id=name)) if is_clock(place, now):
            return _seconds(place, early) if _starts(place, name) else None
        case _:
            return None


def _instant(place: Place, expression: ast.expr) -> Sum | None:
    """Answer the seconds of `end` (given as `clock() + seconds`) or of `start + seconds`."""
    match expression:
        case ast.Name(id=name):
            given = _given(place, name)
            return _after_now(place, given) if given is not None else None
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=seconds) if _starts(place, name):
            return _seconds(place, seconds)
        case ast.BinOp(left=seconds, op=ast.Add(), right=ast.Name(id=name)) if _starts(place, name):
            return _seconds(place, seconds)
        case _:
            return None


def _after_now(place: Place, given: ast.expr) -> Sum | None:
    match given:
        case ast.BinOp(left=now, op=ast.Add(), right=seconds) if is_clock(place, now):
            return _seconds(place, seconds)
        case ast.BinOp(left=seconds, op=ast.Add(), right=now) if is_clock(place, now):
            return _seconds(place, seconds)
        case _:
            return None


def _starts(place: Place, name: str) -> bool:
    given = _given(place, name)
    return given is not None and is_clock(place, given)


def _seconds(place: Place, expression: ast.expr) -> Sum | None:
    found = evaluate(expression, {}, place.names)
    return found.start if isinstance(found, Line) and found.step.number == 0 else None


def _given(place: Place, name: str) -> ast.expr | None:
    """Answer what a variable was given right before the loop."""
    if any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(place.loop)
    ):
        return None
    for statement in reversed(place.before):
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=bound)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value)
            ) if bound == name:
                return value
            case _ if name in read_names([statement]) or _takes_time(statement):
                return None
            case _:
                continue
    return None


def _takes_time(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call | ast.Await) for node in own_nodes([statement]))
