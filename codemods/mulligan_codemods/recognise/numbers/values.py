"""Values that change from attempt to attempt, as far as a retry loop can compute them.

With k the number of the attempt that failed (from 1), a value is a `Line` (start + step·(k - 1)), a `Growth`
(base·ratio^(k - 1)), or one of these bounded by a cap and then jittered.

Rules: pure; what can't be expressed is `None`, never a guess.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import Names, literal_number, read_names
from mulligan_codemods.recognise.numbers.sums import ZERO, Number, Sum, spelled_factor

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Capped", "Growth", "Jittered", "Line", "Value", "evaluate", "evaluate_once", "fixed"]

UNSTABLE = ast.Await | ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Call | ast.List | ast.Dict | ast.Set


@dataclass(frozen=True, slots=True)
class Line:
    """`start + step·(k - 1)`; a value that doesn't change has the step 0."""

    start: Sum
    step: Sum = ZERO


@dataclass(frozen=True, slots=True)
class Growth:
    """`base·ratio^(k - 1)`."""

    base: Sum
    ratio: Sum


@dataclass(frozen=True, slots=True)
class Capped:
    """The lesser of a value and a bound."""

    value: Line | Growth
    cap: Sum


@dataclass(frozen=True, slots=True)
class Jittered:
    """A value with randomness: `full` (0 up to it), `additive` (up to `extent` more), `proportional` (± `extent`)."""

    value: Line | Growth | Capped
    kind: str
    extent: Sum = ZERO


Value = Line | Growth | Capped | Jittered


def fixed(number: Number) -> Line:
    """Answer a number as a value that doesn't change."""
    return Line(Sum(number))


def evaluate(expression: ast.expr, known: Mapping[str, Value | None], names: Names) -> Value | None:
    """Answer the value of an expression at attempt k.

    Args:
        expression: it.
        known: the variables that the loop changes, `None` where their value can't be told.
        names: what the other names stand for.
    """
    number = literal_number(expression)
    if number is not None:
        return fixed(number)
    match expression:
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Name(id=name) if (constant := names.number(name)) is not None:
            return fixed(constant)
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, evaluate(left, known, names), evaluate(right, known, names)) or _opaque(
                expression, known
            )
        case ast.Call(args=arguments, keywords=[]) if not any(isinstance(each, ast.Starred) for each in arguments):
            values = [evaluate(each, known, names) for each in arguments]
            return _call(names.resolve(expression.func), values) or _opaque(expression, known)
        case _:
            return _opaque(expression, known)


def _opaque(expression: ast.expr, known: Mapping[str, Value | None]) -> Value | None:
    """Answer an expression that no variable of the loop enters as a named term."""
    if any(isinstance(node, UNSTABLE) for node in ast.walk(expression)):
        return None
    read = read_names([expression])
    if any(name in known for name in read):
        return None
    return Line(Sum(0, ((_spelled(expression), 1),), read))


def _spelled(expression: ast.expr) -> str:
    text = ast.unparse(expression)
    binary = isinstance(expression, ast.BinOp | ast.BoolOp | ast.IfExp | ast.Compare | ast.Lambda)
    return f"({text})" if binary else text


def evaluate_once(expression: ast.expr, known: Mapping[str, Value | None], names: Names) -> Value | None:
    """Answer the value of an expression that the code evaluates once, before the loop: a call may be part of it."""
    found = evaluate(expression, known, names)
    read = read_names([expression])
    if found is not None or any(name in known for name in read):
        return found
    match expression:
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, evaluate_once(left, known, names), evaluate_once(right, known, names))
        case ast.Call():
            return Line(Sum(0, ((_spelled(expression), 1),), read))
        case _:
            return None


def _binary(op: ast.operator, left: Value | None, right: Value | None) -> Value | None:  # noqa: PLR0911 - one answer per operator
    if left is None or right is None:
        return None
    match op:
        case ast.Add():
            return _plus(left, right, 1) or _plus(right, left, 1)
        case ast.Sub():
            return _plus(left, right, -1)
        case ast.Mult():
            return _times(left, right) or _times(right, left)
        case ast.Div():
            return _over(left, right)
        case ast.Pow():
            return _power(left, right)
        case ast.LShift():
            grown = _power(fixed(2), right)
            return None if grown is None else _times(left, grown)
        case _:
            return None


def _plus(left: Value, right: Value, sign: int) -> Value | None:
    match left, right:
        case Line(), Line():
            return Line(left.start.plus(right.start, sign), left.step.plus(right.step, sign))
        case Line() | Growth() | Capped(), Jittered(value=Line(start=start, step=step), kind=kind, extent=extent) if (
            sign > 0 and kind in {"full", "additive"} and step.number == 0
        ):
            shifted = _plus(left, Line(start), 1) if kind == "additive" else left
            most = extent if kind == "additive" else start
            return Jittered(shifted, "additive", most) if isinstance(shifted, Line | Growth | Capped) else None
        case Growth(), Line(start=start, step=step) if start.number == 0 and step.number == 0:
            return left
        case _:
            return None


def _times(left: Value, right: Value) -> Value | None:
    match left, right:
        case Line(step=step), Line() if step.number == 0:
            return Line(left.start.times(right.start), left.start.times(right.step))
        case Line(step=step), Growth() if step.number == 0:
            return Growth(left.start.times(right.base), right.ratio)
        case Line(step=step), Capped() if step.number == 0:
            inner = _times(left, right.value)
            return Capped(inner, left.start.times(right.cap)) if isinstance(inner, Line | Growth) else None
        case Line() | Growth() | Capped(), Jittered(value=Line(start=start, step=step), kind=kind, extent=extent) if (
            step.number == 0
        ):
            return _scaled(left, start, kind, extent)
        case _:
            return None


def _scaled(value: Line | Growth | Capped, start: Sum, kind: str, extent: Sum) -> Value | None:
    """Answer a value times a random factor: `x * random()`, `x * uniform(0.5, 1.5)`."""
    if kind == "full" and start.number == 1:
        return Jittered(value, "full")
    if kind == "additive" and start.number is not None and extent.number is not None:
        ratio = extent.number / 2
        if abs(start.number + ratio - 1) < 1e-12 and ratio <= 1:
            return Jittered(value, "proportional", Sum(ratio))
    return None


def _over(left: Value, right: Value) -> Value | None:
    match right:
        case Line(start=start, step=step) if start.number and step.number == 0:
            return _times(Line(Sum(1 / start.number)), left)
        case _:
            return None


def _power(base: Value, exponent: Value) -> Value | None:
    """Answer `base ** exponent`, exponent = offset + (k - 1)."""
    match base, exponent:
        case Line(start=ratio, step=still), Line(start=offset, step=step) if still.number == 0:
            if step.number == 0 and ratio.number is not None and offset.number is not None and ratio.number > 0:
                return fixed(ratio.number**offset.number)
            if step.number == 1 and offset.number is not None and offset.number == int(offset.number):
                scale = _power_of(ratio, int(offset.number))
                return None if scale is None else Growth(scale, ratio)
            return None
        case _:
            return None


def _power_of(ratio: Sum, exponent: int) -> Sum | None:
    if ratio.number is not None:
        return Sum(ratio.number**exponent) if ratio.number else None
    if exponent == 0:
        return Sum(1)
    if exponent == 1:
        return ratio
    return Sum(0, ((f"{spelled_factor(ratio)} ** {exponent}", 1),), ratio.names) if exponent > 1 else None


def _call(path: str | None, values: list[Value | None]) -> Value | None:
    match path, values:
        case "builtins.min", [Line() | Growth() as one, Line() | Growth() as two]:
            return _capped(one, two) or _capped(two, one)
        case "builtins.pow" | "math.pow", [Line() as one, Line() as two]:
            return _power(one, two)
        case "builtins.float", [Line() | Growth() as one]:
            return one
        case "random.random", []:
            return Jittered(fixed(1), "full")
        case "random.uniform", [Line(start=low, step=still), top] if still.number == 0:
            return _uniform(low, top)
        case _:
            return None


def _uniform(low: Sum, top: Value | None) -> Value | None:
    match top:
        case Line(start=start, step=step) if step.number == 0:
            if low.number == 0:
                return Jittered(top, "full")
            return Jittered(Line(low), "additive", start.plus(low, -1))
        case Line() | Growth() | Capped() if low.number == 0:
            return Jittered(top, "full")
        case _:
            return None


def _capped(value: Line | Growth, cap: Line | Growth) -> Value | None:
    match cap:
        case Line(start=bound, step=step) if step.number == 0:
            return Capped(value, bound)
        case _:
            return None
