"""Comparisons of values: computed where all operands are known, else a number drawn, an opaque term, or the world's.

Rules: what is compared with a number is taken for one, where a parameter, a name or an attribute is; what a call
answered is not. Whether two opaque values are the same object is the world's answer.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import look
from mulligan_codemods.prove.machine.operators import (
    computed,
    known,
    number_of,
    numeric,
    operation,
    python_operator,
    python_value,
    settled,
)
from mulligan_codemods.prove.values.terms import (
    Constant,
    DictObject,
    Error,
    ListObject,
    Operation,
    Result,
    SetObject,
    Term,
    TupleValue,
    Value,
    base_path,
    constant,
)
from mulligan_codemods.prove.worlds.world import Key, World

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["compare"]

_ORDER: dict[str, Callable[..., object]] = {
    "==": python_operator("eq"),
    "!=": python_operator("ne"),
    "<": python_operator("lt"),
    "<=": python_operator("le"),
    ">": python_operator("gt"),
    ">=": python_operator("ge"),
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def compare(world: World, node: ast.cmpop, left: Value, right: Value) -> Value:
    """Apply one comparison."""
    name = _COMPARE[type(node)]
    left, right = settled(world, look(left)), settled(world, look(right))
    if name in {"is", "is not"}:
        same = _identical(world, left, right)
        return constant(same if name == "is" else not same)
    if name in {"in", "not in"}:
        return _contains(world, name, left, right)
    if known(left) and known(right):
        return computed(_ORDER[name], python_value(left), python_value(right))
    if _as_numbers(world, name, left, right):
        return computed(_ORDER[name], number_of(world, left, count=True), number_of(world, right, count=True))
    return operation(world, name, left, right)


def _as_numbers(world: World, name: str, left: Value, right: Value) -> bool:
    first, second = numeric(world, left), numeric(world, right)
    if first and second:
        return True
    if first or second:
        other = right if first else left
        return _parameter_like(other)
    return name not in {"==", "!="} and _parameter_like(left) and _parameter_like(right)


def _identical(world: World, left: Value, right: Value) -> bool:
    if left is right or (isinstance(left, Term) and left == right):
        return True
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left == right
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant) and one.value is None:
            return isinstance(other, Term) and not isinstance(other, Error) and world.is_none(other)
    if not isinstance(left, Term) and not isinstance(right, Term):
        return False
    pair = sorted((left, right), key=repr)
    return world.choose(Key("identical", tuple(pair)), (False, True))


def _contains(world: World, name: str, left: Value, right: Value) -> Value:
    match right:
        case TupleValue(items=items) | ListObject(items=items) | SetObject(items=items):
            if isinstance(left, Constant) and all(isinstance(item, Constant) for item in items):
                among = any(isinstance(item, Constant) and item.value == left.value for item in items)
                return constant(among if name == "in" else not among)
            if not items:
                return constant(name != "in")
        case Constant(value=str(text)) if isinstance(left, Constant):
            found = computed(python_operator("contains"), text, left.value)
            return found if name == "in" else constant(found != constant(value=True))
        case _:
            pass
    holds = world.truth(operation(world, "in", left, _frozen(right)))
    return constant(holds if name == "in" else not holds)


def _frozen(value: Value) -> Value:
    match value:
        case ListObject(items=items) | SetObject(items=items):
            return TupleValue(tuple(items))
        case DictObject():
            return TupleValue(value.parts())
        case _:
            return value


def _parameter_like(value: Value) -> bool:
    """Tell whether a value is read from a parameter, a name or an attribute, not answered by a call."""
    return isinstance(value, Term) and not isinstance(base_path(value), Result | Error | Operation)
