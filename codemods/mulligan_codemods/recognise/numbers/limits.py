"""When a test says that the attempts are used up: the number of the failure at which it is true for the first time.

Spellings: `attempt == n - 1`, `attempt >= n`, `not left`, `n - attempt <= 1`, `attempt + 1 < n` negated, a countdown.
Rules: pure; a test that no counter enters is no limit; a test that is never true is said to be so (a dead guard).
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.numbers.values import Line, Value, evaluate, fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.names import Names

__all__ = ["Never", "begins_with_second", "conditions", "limit", "tested_number"]

Number = int | float
FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


@dataclass(frozen=True, slots=True)
class Never:
    """The test is false at every attempt: nothing ever stops the loop here."""


def conditions(test: ast.expr, *, negated: bool = False) -> tuple[tuple[ast.expr, bool], ...]:
    """Split a test into conditions, each enough by itself: `a or b`, `not (a and b)`.

    >>> [(ast.unparse(part), no) for part, no in conditions(ast.parse("not (a and b)", mode="eval").body)]
    [('a', True), ('b', True)]
    """
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return conditions(operand, negated=not negated)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is negated:
            return tuple(part for value in values for part in conditions(value, negated=negated))
        case _:
            return ((test, negated),)


def limit(test: ast.expr, known: Mapping[str, Value | None], names: Names, *, negated: bool) -> Sum | Never | None:
    """Answer the least k ≥ 1 for which a test (or its negation) is true.

    Args:
        test: the test, without `and` and `or`.
        known: the counters' values at failure k.
        names: what other names stand for.
        negated: whether its being false is meant.
    """
    difference, operator = _compared(test, known, names)
    if difference is None or operator is None:
        return None
    op = FLIPPED[operator] if negated else operator
    step = difference.step.number
    if step is None or step == 0:
        return None
    if step < 0:
        op, difference, step = MIRRORED[op], Line(Sum().plus(difference.start, -1), Sum(-step)), -step
    start = difference.start.number
    return _rising(op, difference.start) if start is None and step == 1 else _numeric(op, start, step)


def tested_number(statement: ast.stmt, known: Mapping[str, Value | None], names: Names) -> Sum | Never | None:
    """Answer the number of the one failure at which a conditional statement does something: `if left == 3: …`."""
    match statement:
        case ast.If(test=ast.Compare(ops=[ast.Eq()]) as test, orelse=[]):
            return limit(test, known, names, negated=False)
        case _:
            return None


def begins_with_second(test: ast.expr, known: Mapping[str, Value | None], names: Names) -> bool:
    """Tell whether a test is false at the first attempt and true at every later one, as `if attempt:` is."""
    difference, operator = _compared(test, known, names)
    if difference is None or operator is None or difference.step.number is None or difference.start.number is None:
        return False
    start, step = difference.start.number, difference.step.number
    first, *later = (_holds(operator, start + step * before) for before in (0, 1, 2, 10**9))
    return not first and all(later)


def _holds(operator: type[ast.cmpop], difference: Number) -> bool:
    """Tell whether `difference operator 0` is true."""
    holds: dict[type[ast.cmpop], bool] = {
        ast.Lt: difference < 0,
        ast.LtE: difference <= 0,
        ast.Gt: difference > 0,
        ast.GtE: difference >= 0,
        ast.Eq: difference == 0,
        ast.NotEq: difference != 0,
    }
    return holds[operator]


def _compared(
    test: ast.expr, known: Mapping[str, Value | None], names: Names
) -> tuple[Line | None, type[ast.cmpop] | None]:
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in FLIPPED:
            one, two = evaluate(left, known, names), evaluate(right, known, names)
            operator = type(op)
        case ast.Name():
            one, two, operator = evaluate(test, known, names), fixed(0), ast.NotEq
        case _:
            return None, None
    if isinstance(one, Line) and isinstance(two, Line):
        return Line(one.start.plus(two.start, -1), one.step.plus(two.step, -1)), operator
    return None, None


def _rising(op: type[ast.cmpop], start: Sum) -> Sum | None:
    """Solve `start + (k - 1) op 0` for a start with names, taking it that the loop begins below it."""
    first = Sum(1).plus(start, -1)
    if op in {ast.Eq, ast.GtE}:
        return first
    return first.plus(Sum(1)) if op is ast.Gt else None


def _numeric(op: type[ast.cmpop], start: Number | None, step: Number) -> Sum | Never | None:
    if start is None:
        return None
    zero = -start / step + 1
    if op is ast.Eq:
        return Sum(int(zero)) if zero == int(zero) and zero >= 1 else Never()
    if op is ast.GtE:
        return Sum(max(1, math.ceil(zero)))
    if op is ast.Gt:
        return Sum(max(1, math.floor(zero) + 1))
    return Sum(1)
