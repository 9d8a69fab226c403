# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""Operators on values: computed where all operands are known, else an opaque operation or a drawn number.

Rules: an operator on an opaque value is taken as pure and total; what it gives is a term that remembers its operands
and, where an operand might be changed by a call, the epoch. Constants are computed by Python's own operators.
"""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import look, thrown
from mulligan_codemods.prove.values.terms import (
    Attr,
    Constant,
    DictObject,
    Error,
    Item,
    ListObject,
    Operation,
    Scalar,
    SetObject,
    Term,
    TupleValue,
    Value,
    constant,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan_codemods.prove.worlds.world import World

__all__ = [
    "arithmetic",
    "computed",
    "known",
    "number_of",
    "numeric",
    "operation",
    "python_operator",
    "python_value",
    "settled",
    "too_wide",
    "truth",
    "unary",
]


def python_operator(name: str) -> Callable[..., object]:
    """Return the function of Python's `operator` module that has this name."""
    found: Callable[..., object] = getattr(operator, name)
    return found


_BINARY: dict[type[ast.operator], tuple[str, Callable[..., object]]] = {
    ast.Add: ("+", python_operator("add")),
    ast.Sub: ("-", python_operator("sub")),
    ast.Mult: ("*", python_operator("mul")),
    ast.Div: ("/", python_operator("truediv")),
    ast.FloorDiv: ("//", python_operator("floordiv")),
    ast.Mod: ("%", python_operator("mod")),
    ast.Pow: ("**", python_operator("pow")),
    ast.LShift: ("<<", python_operator("lshift")),
    ast.RShift: (">>", python_operator("rshift")),
    ast.BitOr: ("|", python_operator("or_")),
    ast.BitAnd: ("&", python_operator("and_")),
    ast.BitXor: ("^", python_operator("xor")),
}
_NUMERIC: dict[str, Callable[..., object]] = {
    **{name: function for name, function in _BINARY.values() if name in {"+", "-", "*", "/", "//", "%", "**"}},
    "min": min,
    "max": max,
    "int": int,
    "float": float,
    "abs": abs,
    "neg": python_operator("neg"),
    "round": round,
}
_ERRORS = (TypeError, ValueError, ZeroDivisionError, OverflowError, KeyError, IndexError, AttributeError, LookupError)


def computed(function: Callable[..., object], *operands: object) -> Value:
    """Compute on Python constants; what Python raises is thrown in the interpreted code."""
    try:
        found = function(*operands)
    except _ERRORS as error:
        raise thrown(type(error).__name__, str(error)) from None
    return wrap(found)


def wrap(found: object) -> Value:
    """Turn a Python value into an interpreted one."""
    if found is None or isinstance(found, bool | int | float | complex | str | bytes):
        return constant(found)
    if isinstance(found, tuple):
        return TupleValue(tuple(wrap(item) for item in found))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # items of a tuple are objects
    if isinstance(found, list):
        return ListObject([wrap(item) for item in found])  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # items of a list are objects
    raise thrown("TypeError", "not a plain value")


def settled(world: World, value: Value) -> Value:
    """Replace an opaque value, or those of a tuple, by the number it was found to be."""
    if isinstance(value, Term):
        drawn = world.drawn(value)
        if drawn is not None:
            return constant(drawn)
    if isinstance(value, TupleValue) and world.numbers:
        return TupleValue(tuple(settled(world, item) for item in value.items))
    return value


def operation(world: World, name: str, *operands: Value) -> Operation:
    """Make an opaque operation, bound to this epoch unless nothing can change its operands."""
    values = tuple(settled(world, operand) for operand in operands)
    return Operation(name, values, None if all(_immutable(value) for value in values) else world.epoch)


def _immutable(value: Value) -> bool:
    match value:
        case Constant():
            return True
        case TupleValue(items=items):
            return all(_immutable(item) for item in items)
        case Operation(epoch=epoch):
            return epoch is None
        case _:
            return False


def python_value(value: Value) -> Scalar | tuple[object, ...] | None:
    """Return the Python value of a known value."""
    if isinstance(value, TupleValue):
        return tuple(python_value(item) for item in value.items)
    return value.value if isinstance(value, Constant) else None


def known(value: Value) -> bool:
    """Tell whether a value is a constant or a tuple of constants."""
    if isinstance(value, TupleValue):
        return all(known(item) for item in value.items)
    return isinstance(value, Constant)


def arithmetic(world: World, node: ast.operator, left: Value, right: Value) -> Value:
    """Apply a binary operator."""
    name, function = _BINARY.get(type(node), ("@", python_operator("matmul")))
    left, right = settled(world, look(left)), settled(world, look(right))
    if known(left) and known(right):
        return _bounded(world, name, function, left, right)
    match name, left, right:
        case "+", TupleValue(items=first), TupleValue(items=second):
            return TupleValue(first + second)
        case "+", ListObject(items=start), ListObject(items=rest):
            return ListObject([*start, *rest])
        case _:
            return operation(world, name, left, right)


def _bounded(world: World, name: str, function: Callable[..., object], left: Value, right: Value) -> Value:
    first, second = python_value(left), python_value(right)
    if name == "**" and isinstance(second, int | float) and second > 2000:
        return operation(world, name, left, right)
    if name == "<<" and isinstance(second, int) and second > 2000:
        return operation(world, name, left, right)
    if name == "*" and any(isinstance(part, str | bytes | tuple) for part in (first, second)):
        return operation(world, name, left, right)
    if name == "%" and isinstance(first, str | bytes) and (isinstance(first, bytes) or too_wide(first)):
        return operation(world, name, left, right)
    return computed(function, first, second)


def too_wide(template: str) -> bool:
    """Tell whether a format could ask for an enormous width."""
    return re.search(r"\d{4,}|\*", template) is not None


def unary(world: World, node: ast.unaryop, value: Value) -> Value:
    """Apply a unary operator."""
    value = settled(world, look(value))
    if isinstance(node, ast.Not):
        return constant(not truth(world, value))
    if isinstance(value, Constant):
        names: dict[type[ast.unaryop], str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}
        return computed(python_operator(names[type(node)]), value.value)
    return operation(world, "neg" if isinstance(node, ast.USub) else type(node).__name__, value)


def numeric(world: World, value: Value) -> bool:
    """Tell whether a value is a number, known, drawn or computed from numbers."""
    match value:
        case Constant():
            return value.kind in {"int", "float"}
        case Operation(operator=name, operands=operands) if name in _NUMERIC:
            return any(numeric(world, operand) for operand in operands)
        case _:
            return world.drawn(value) is not None


def number_of(world: World, value: Value, *, count: bool) -> int | float:
    """Answer which number a value is, drawing what is opaque.

    Raises:
        Thrown: TypeError, where it is known not to be a number.
    """
    value = settled(world, look(value))
    match value:
        case Constant(value=found) if isinstance(found, int | float):
            return found
        case Operation(operator=name, operands=operands) if name in _NUMERIC:
            return _computed_number(name, [number_of(world, part, count=count) for part in operands])
        case Term():
            if world.is_none(value, ask=False):
                raise thrown("TypeError", "not a number")
            if isinstance(value, Attr | Item):
                world.note_number(value)
            return world.number(value, count=count)
        case _:
            raise thrown("TypeError", "not a number")


def _computed_number(name: str, numbers: list[int | float]) -> int | float:
    found = computed(_NUMERIC[name], *numbers)
    if isinstance(found, Constant) and isinstance(found.value, int | float):
        return found.value
    raise thrown("TypeError", "not a number")


def truth(world: World, value: Value) -> bool:
    """Answer the truth of a value."""
    value = settled(world, look(value))
    match value:
        case Constant(value=found):
            return bool(found)
        case TupleValue(items=items):
            return bool(items)
        case ListObject(items=items) | SetObject(items=items):
            return bool(items)
        case DictObject(pairs=pairs) if not pairs or any(key is not None for key, _ in pairs):
            return bool(pairs)
        case DictObject():
            return world.truth(operation(world, "dict", *value.parts()))
        case Operation(operator=name) if name in _NUMERIC and numeric(world, value):
            return bool(number_of(world, value, count=True))
        case Operation(operator="!="):
            return not world.truth(replace(value, operator="=="))
        case Error():
            return True
        case Term():
            return world.truth(value)
        case _:
            return True
