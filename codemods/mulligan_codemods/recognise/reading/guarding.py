"""Tests of a handler that are no limit: of the error, of what is computed from it, or of something outside.

Rules: pure; a test of what the loop itself changes is neither, and refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, own_nodes, read_names
from mulligan_codemods.recognise.numbers.counters import initial
from mulligan_codemods.recognise.numbers.deadlines import is_timed
from mulligan_codemods.recognise.numbers.limits import conditions
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.reading.failure import Path, Placed

__all__ = ["asks_about_error", "check_guard", "named_conditions"]


def asks_about_error(test: ast.expr, error: str | None, line: Sequence[Placed]) -> bool:
    """Tell whether a test reads the error, itself or by what the handler computed from it."""
    if error is None:
        return False
    derived = {error}
    for each in line:
        match each.step.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if read_names([value]) & derived:
                derived.add(name)
            case _:
                continue
    return bool(read_names([test]) & derived)


def named_conditions(path: Path, test: ast.expr, position: int, *, negated: bool) -> tuple[tuple[ast.expr, bool], ...]:
    """Answer the conditions behind a name that the handler gives to a comparison: `is_last = attempt == limit - 1`."""
    if not isinstance(test, ast.Name):
        return ((test, negated),)
    for each in path.line[:position]:
        match each.step.statement:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=(ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not())) as value
            ) if name == test.id and not asks_about_error(value, path.error, path.line):
                return conditions(value, negated=negated)
            case _:
                continue
    return ((test, negated),)


def check_guard(path: Path, test: ast.expr) -> None:
    """Refuse a test of neither the error nor a limit that reads what the loop itself changes."""
    if asks_about_error(test, path.error, path.line):
        return
    changed = [node for node in own_nodes([path.place.loop]) if isinstance(getattr(node, "ctx", None), ast.Store)]
    spelled = {ast.unparse(node) for node in changed if isinstance(node, ast.Attribute | ast.Subscript)}
    if any(ast.unparse(node) in spelled for node in ast.walk(test)):
        raise Refused("ML212", "what it gives up by is kept on an object", test)
    stopped = [name for name in read_names([test]) if isinstance(initial(path.place, name), ast.Constant)]
    if stopped or read_names([test]) & bound_names([path.place.loop]) or is_timed(path.place, test):
        raise Refused("ML206", "the condition under which it gives up can't be read", test)
