"""What the head of a loop says: how often it goes round, and which variable counts.

`for i in range(n)`, `range(1, n + 1)`, `range(n - 1, -1, -1)`, `reversed(range(n))`, `itertools.count()`, a loop
over delays; `while True`, `while left`, `while tries < n`, `while not done`.

Rules: pure; a head says nothing about what success or failure do.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.numbers.values import Line, Value, evaluate_once, fixed

if TYPE_CHECKING:
    from mulligan_codemods.names import Names
    from mulligan_codemods.recognise.loops.place import Loop

__all__ = ["Counted", "Endless", "Head", "Items", "While", "head_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """`for` over numbers: the variable's value at attempt k, and how many attempts (`None`: without end)."""

    variable: str | None
    value: Line
    count: Sum | None


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """`for` over anything else."""

    variable: str | None
    items: ast.expr


@dataclass(frozen=True, slots=True, eq=False)
class Endless:
    """`while True`."""


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """`while` with a condition."""

    test: ast.expr


Head = Counted | Items | Endless | While


def head_of(loop: Loop, names: Names) -> Head:
    """Read the head of a loop."""
    match loop:
        case ast.While(test=ast.Constant(value=value)) if value:
            return Endless()
        case ast.While(test=test):
            return While(test)
        case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
            variable = target.id if isinstance(target, ast.Name) else None
            counted = _counted(iterated, names) if variable is not None and isinstance(loop, ast.For) else None
            return Items(variable, iterated) if counted is None else Counted(variable, *counted)


def _counted(iterated: ast.expr, names: Names) -> tuple[Line, Sum | None] | None:
    match iterated:
        case ast.Call(func=function, args=arguments, keywords=[]):
            return _called(names.resolve(function), arguments, names)
        case _:
            return None


def _called(path: str | None, arguments: list[ast.expr], names: Names) -> tuple[Line, Sum | None] | None:
    match path, arguments:
        case "builtins.range", [*bounds]:
            return _range(_sums(bounds, names))
        case "builtins.reversed", [ast.Call() as inner]:
            found = _counted(inner, names)
            return None if found is None else _reversed(*found)
        case "itertools.count", [*bounds] if len(bounds) <= 1:
            start = _sums(bounds, names) if bounds else [Sum()]
            return None if start is None else (Line(start[0], Sum(1)), None)
        case _:
            return None


def _sums(bounds: list[ast.expr], names: Names) -> list[Sum] | None:
    values: list[Value | None] = [evaluate_once(bound, {}, names) for bound in bounds]
    found = [value.start for value in values if isinstance(value, Line) and value.step.number == 0]
    return found if len(found) == len(bounds) else None


def _range(bounds: list[Sum] | None) -> tuple[Line, Sum | None] | None:
    match bounds:
        case [stop]:
            return Line(Sum(), Sum(1)), stop
        case [start, stop]:
            return Line(start, Sum(1)), stop.plus(start, -1)
        case [start, stop, step]:
            return _stepped(start, stop, step)
        case _:
            return None


def _stepped(start: Sum, stop: Sum, step: Sum) -> tuple[Line, Sum | None] | None:
    if step.number in {1, -1}:
        return Line(start, step), stop.plus(start, -1).times(step)
    numbers = start.number, stop.number, step.number
    if any(not isinstance(number, int) for number in numbers) or not step.number:
        return None
    first, last, by = (int(number or 0) for number in numbers)
    return Line(start, step), Sum(len(range(first, last, by)))


def _reversed(value: Line, count: Sum | None) -> tuple[Line, Sum | None] | None:
    if count is None or value.step.number not in {1, -1}:
        return None
    last = value.start.plus(count.plus(fixed(1).start, -1).times(value.step))
    return Line(last, Sum().plus(value.step, -1)), count
