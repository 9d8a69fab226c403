"""Whether a sentence about an explanation holds, such as `worst_case < 30 and success > 0.99`.

Rules: the text is parsed, never evaluated: names of figures, numbers, + - * /, comparisons, `and`, `or`, `not`.
Everything else is refused, with its column.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Final

from mulligan.schedules.expression import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["holds"]

LONGEST: Final = 1_000


def _divided(left: float, right: float) -> float:  # operator.truediv has no types
    return left / right


_ARITHMETIC: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[float, float], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def holds(text: str, figures: Mapping[str, float]) -> bool:
    """Tell whether a sentence about figures holds.

    Args:
        text: one sentence, at most 1,000 characters.
        figures: what its names stand for; times in seconds.

    Raises:
        ExpressionError: when it is no such sentence; it says where.

    >>> holds("worst_case < 30 and success > 0.9", {"worst_case": 12.5, "success": 0.99})
    True
    """
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise ExpressionError("assert", f"{line[:40]}...", f"give at most {LONGEST} characters", line[:80], 0)
    try:
        tree = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(
            "assert", line, f"write it as Python does: {error.msg}", line, (error.offset or 1) - 1
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("assert", line, "write it as Python does", line, 0) from None
    return _Reader(line, figures).truth(tree)


class _Reader:
    """Answers the nodes of one sentence."""

    def __init__(self, text: str, figures: Mapping[str, float]) -> None:
        self._text = text
        self._figures = figures

    def truth(self, node: ast.expr) -> bool:
        """Tell whether a part of it holds."""
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                truths = [self.truth(value) for value in values]  # all of them: what is wrong is told in any case
                return all(truths)
            case ast.BoolOp(values=values):
                truths = [self.truth(value) for value in values]
                return any(truths)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.truth(operand)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self._number(each) for each in (left, *others)]
                truths = [self._compared(node, op, *pair) for op, *pair in zip(ops, sides, sides[1:], strict=False)]
                return all(truths)
            case _:
                raise self._refusal(node, "compare something, as in worst_case < 30")

    def _compared(self, node: ast.expr, op: ast.cmpop, left: float, right: float) -> bool:
        if type(op) not in _COMPARISONS:
            raise self._refusal(node, "compare by <, <=, >, >=, == or !=")
        return _COMPARISONS[type(op)](left, right)

    def _number(self, node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return float(value)
            case ast.Name(id=name):
                if name not in self._figures:
                    raise self._refusal(node, f"no such figure; use {', '.join(sorted(self._figures))}")
                return self._figures[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self._computed(node, type(op), self._number(left), self._number(right))
            case _:
                raise self._refusal(node, "give figures, numbers and + - * /")

    def _computed(self, node: ast.expr, op: type[ast.operator], left: float, right: float) -> float:
        try:
            return _ARITHMETIC[op](left, right)
        except ZeroDivisionError:
            raise self._refusal(node, "divide by something else than 0") from None

    def _refusal(self, node: ast.expr, remedy: str) -> ExpressionError:
        source = ast.get_source_segment(self._text, node) or self._text
        column = len(self._text.encode()[: node.col_offset].decode())
        return ExpressionError("assert", source, remedy, self._text, column)
