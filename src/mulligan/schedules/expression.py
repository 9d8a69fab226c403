"""Reading a schedule from text, such as a command line's `exponential(0.1, cap=10).jittered(full_jitter())`.

Rules:
- The text is parsed, never evaluated: the grammar is calls of the public functions, calls of the algebra's methods on
  them, numbers, None, and lists of these. Everything else is refused by name, with its position.
- What the `repr` of a schedule says, this reads.
- Nothing imports this module but who reads text: `ast` is no part of the runtime's import.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.decorrelation import decorrelated
from mulligan.schedules.extremes import max_of, min_of
from mulligan.schedules.flat import constant, no_delay
from mulligan.schedules.growing import exponential, fibonacci, linear
from mulligan.schedules.jitters import additive_jitter, equal_jitter, full_jitter, proportional_jitter
from mulligan.schedules.listed import from_delays

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ExpressionError", "read_schedule"]

_LONGEST_TEXT = 1_000

_FUNCTIONS: dict[str, Callable[..., object]] = {
    function.__name__: function
    for function in (
        additive_jitter,
        constant,
        decorrelated,
        equal_jitter,
        exponential,
        fibonacci,
        from_delays,
        full_jitter,
        linear,
        max_of,
        min_of,
        no_delay,
        proportional_jitter,
    )
}
_METHODS: dict[str, Callable[..., object]] = {
    method.__name__: method
    for method in (
        BaseSchedule.capped,
        BaseSchedule.jittered,
        BaseSchedule.take,
        BaseSchedule.then,
        BaseSchedule.within,
    )
}


class ExpressionError(ConfigError):
    """A text that is no schedule, with the column where that shows.

    Args:
        field: what the text was given for, or the argument that can't be used.
        value: the text, or the argument's value.
        remedy: what to give instead.
        text: the whole text.
        column: 0-based, where the trouble starts.
    """

    def __init__(self, field: str, value: object, remedy: str, text: str, column: int) -> None:
        super().__init__(field, value, remedy)
        self.text = text
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.field, self.value, self.remedy, self.text, self.column)

    def pointed(self) -> str:
        """Answer the text with a caret below the trouble."""
        return f"{self.text}\n{' ' * self.column}^"


def read_schedule(text: str) -> BaseSchedule:
    """Read a schedule from text, without evaluating it.

    Args:
        text: one expression, at most 1,000 characters.

    Raises:
        ExpressionError: when it is anything but a schedule; it says where.

    >>> read_schedule("exponential(0.1, cap=10).take(3)")
    exponential(0.1, factor=2, cap=10).take(3)
    >>> read_schedule("open('/etc/passwd')")
    Traceback (most recent call last):
        ...
    mulligan.schedules.expression.ExpressionError: schedule='open': no such function; use additive_jitter, constant, ...
    """
    line = " ".join(text.split())
    found = _Reader(line).read(_parsed(line))
    if not isinstance(found, BaseSchedule):
        raise ExpressionError("schedule", line, "give a schedule, such as exponential(0.1)", line, 0)
    return found


def _parsed(line: str) -> ast.expr:
    if len(line) > _LONGEST_TEXT:
        raise ExpressionError("schedule", f"{line[:40]}...", f"give at most {_LONGEST_TEXT} characters", line[:80], 0)
    try:
        return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        column = max(0, (error.offset or 1) - 1)
        raise ExpressionError("schedule", line, f"write it as Python does: {error.msg}", line, column) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("schedule", line, "write it as Python does", line, 0) from None


class _Reader:
    """Reads the nodes of one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=int() | float() | None as value):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return [self.read(item) for item in items]
            case ast.Call(func=ast.Name(id=name)):
                return self._call(node, self._known(node, name, _FUNCTIONS, "function"))
            case ast.Call(func=ast.Attribute(value=below, attr=name)):
                method = self._known(node, name, _METHODS, "method of a schedule")
                return self._call(node, method, self._schedule(below))
            case ast.Name(id=name) if name in _FUNCTIONS:
                raise self._refusal(node, name, f"call it: {name}(...)")
            case _:
                raise self._refusal(
                    node, self._source(node), "only schedule functions, their methods and numbers are read"
                )

    def _known(
        self, node: ast.expr, name: str, names: dict[str, Callable[..., object]], what: str
    ) -> Callable[..., object]:
        if name not in names:
            raise self._refusal(node, name, f"no such {what}; use {', '.join(sorted(names))}")
        return names[name]

    def _schedule(self, node: ast.expr) -> BaseSchedule:
        found = self.read(node)
        if not isinstance(found, BaseSchedule):
            raise self._refusal(
                node, self._source(node), "methods are for schedules; start with one, such as constant(1)"
            )
        return found

    def _call(self, node: ast.Call, function: Callable[..., object], *first: object) -> object:
        arguments = [*first, *(self.read(argument) for argument in node.args)]
        named: dict[str, object] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self._refusal(keyword.value, self._source(keyword.value), "give arguments one by one, without **")
            named[keyword.arg] = self.read(keyword.value)
        try:
            return function(*arguments, **named)
        except ExpressionError:
            raise
        except ConfigError as error:
            raise ExpressionError(error.field, error.value, error.remedy, self._text, self._column(node)) from None
        except TypeError as error:
            raise self._refusal(node, self._source(node), f"give other arguments: {error}") from None

    def _refusal(self, node: ast.expr, value: str, remedy: str) -> ExpressionError:
        return ExpressionError("schedule", value, remedy, self._text, self._column(node))

    def _column(self, node: ast.expr) -> int:
        """Answer where a node's own text starts, in characters; a method call starts at its dot."""
        match node:
            case ast.Call(func=ast.Attribute(value=below)):
                start = below.end_col_offset
            case _:
                start = node.col_offset
        return len(self._text.encode()[:start].decode())

    def _source(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._text, node) or self._text
