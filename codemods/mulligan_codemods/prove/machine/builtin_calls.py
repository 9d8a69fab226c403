# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""The builtins and the methods of known objects that are interpreted.

Rules: a builtin of this list is pure; any other is an effect like a call of outside code. What looks into frames
(`locals`, `eval`, …) is refused, since moving code changes what it sees.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.core import Arguments, look, thrown
from mulligan_codemods.prove.machine.iteration import GeneratorValue, IteratorObject, RangeValue
from mulligan_codemods.prove.machine.reads import read_attribute
from mulligan_codemods.prove.values.effects import Refused, Steps
from mulligan_codemods.prove.values.functions import BoundMethod, FunctionObject
from mulligan_codemods.prove.values.terms import (
    NONE,
    Attr,
    Constant,
    DictObject,
    ExceptionObject,
    ListObject,
    SetObject,
    Term,
    TupleValue,
    Value,
    constant,
)
from mulligan_codemods.prove.worlds.world import Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan_codemods.prove.machine.calls import Calls

__all__ = ["call_builtin", "call_method"]

_FRAMES = frozenset(
    {"locals", "globals", "vars", "eval", "exec", "dir", "compile", "breakpoint", "__import__", "super"}
)
_PURE: dict[str, Callable[..., object]] = {
    "len": len, "str": str, "repr": repr, "int": int, "float": float, "bool": bool, "min": min, "max": max,
    "abs": abs, "round": round, "pow": pow, "ascii": ascii, "ord": ord, "chr": chr, "hex": hex, "format": format,
    "divmod": divmod, "bytes": bytes, "type": type, "callable": callable, "id": id, "hash": hash,
}  # fmt: skip
_COLLECTORS = frozenset({"list", "tuple", "set", "frozenset", "sum", "any", "all", "sorted", "dict", "reversed"})
_TEXT_METHODS = frozenset(
    {"format", "join", "lower", "upper", "strip", "split", "startswith", "endswith", "replace", "encode", "title",
     "lstrip", "rstrip", "rsplit", "partition", "find", "count", "isdigit", "decode"}
)  # fmt: skip


def call_builtin(machine: Calls, name: str, arguments: Arguments, node: ast.AST) -> Steps[Value | None]:
    """Call a builtin; `None` where it is an effect like any outside call.

    Raises:
        Refused: for builtins that look into frames.
    """
    if name in _FRAMES:
        raise Refused("ML403", f"{name}() sees where code stands, so moving code may change it", node)
    if not arguments.plain:
        return None
    positional = [look(value) for value in arguments.positional]
    if name == "range" and not arguments.keywords:
        return _range(machine, positional)
    if name == "isinstance" and len(positional) == 2:
        return constant(machine.is_instance(positional[0], positional[1], node))
    if name in {"hasattr", "getattr"} and not arguments.keywords:
        return _attribute(machine, name, positional, node)
    if name == "enumerate" and positional:
        return _enumerate(machine, positional, arguments, node)
    if name in _COLLECTORS:
        return (yield from _collect(machine, name, positional, arguments, node))
    return _pure(machine, name, positional, arguments)


def _range(machine: Calls, positional: list[Value]) -> Value:
    numbers = [operators.number_of(machine.world, value, count=True) for value in positional]
    if not all(isinstance(number, int) for number in numbers) or not 1 <= len(numbers) <= 3:
        raise thrown("TypeError", "range takes integers")
    whole = [int(number) for number in numbers]
    start, stop, step = (0, whole[0], 1) if len(whole) == 1 else (*whole, 1)[:3]
    if step == 0:
        raise thrown("ValueError", "range() arg 3 must not be zero")
    return RangeValue(start, stop, step)


def _attribute(machine: Calls, name: str, positional: list[Value], node: ast.AST) -> Value:
    match positional:
        case [Term() as base, Constant(value=str(attribute)), *default] if len(default) <= 1:
            read = Attr(base, attribute, machine.world.epoch)
            fails = machine.world.choose(Key("fails", (read,), machine.world.epoch), (False, True))
            if name == "hasattr":
                return constant(not fails)
            if not fails:
                return read
            if default:
                return default[0]
            return read_attribute(machine, base, attribute, node)
        case [ExceptionObject(), Constant(value=str(attribute)), default] if attribute != "args":
            return default
        case [ExceptionObject(), Constant(value=str(attribute))] if name == "hasattr":
            return constant(attribute in {"args", "__cause__", "with_traceback", "add_note"})
        case _:
            raise Refused("ML401", f"this {name} is not interpreted", node)


def _enumerate(machine: Calls, positional: list[Value], arguments: Arguments, node: ast.AST) -> Value:
    start = arguments.keywords.get("start", positional[1] if len(positional) > 1 else constant(0))
    iterator = machine.iterator(positional[0], node)
    first = operators.number_of(machine.world, start, count=True)
    return IteratorObject(iterator.source, counts_from=int(first))


def _collect(
    machine: Calls, name: str, positional: list[Value], arguments: Arguments, node: ast.AST
) -> Steps[Value | None]:
    if name == "dict":
        return _dict(positional, arguments)
    if not positional or arguments.keywords:
        return None if positional or name not in {"list", "tuple", "set"} else _collection(name, [])
    if name == "reversed" and isinstance(positional[0], RangeValue):
        numbers = positional[0].as_range()[::-1]
        return RangeValue(numbers.start, numbers.stop, numbers.step)
    if name in {"set", "frozenset", "sorted"}:
        return None
    if name in {"any", "all"} and isinstance(positional[0], GeneratorValue):
        found = yield from machine.decided(positional[0], wanted=name == "any")
        return constant(found if name == "any" else not found)
    if isinstance(positional[0], Term) and name in {"any", "all"}:
        return None
    items = yield from machine.everything(positional[0], node)
    if name == "reversed":
        return TupleValue(tuple(reversed(items)))
    return _consumed(machine, name, items, positional)


def _consumed(machine: Calls, name: str, items: list[Value], positional: list[Value]) -> Value:
    match name:
        case "list" | "tuple":
            return _collection(name, items)
        case "any":
            return constant(any(operators.truth(machine.world, item) for item in items))
        case "all":
            return constant(all(operators.truth(machine.world, item) for item in items))
        case _:
            total = positional[1] if len(positional) > 1 else constant(0)
            for item in items:
                total = operators.arithmetic(machine.world, ast.Add(), total, item)
            return total


def _collection(name: str, items: list[Value]) -> Value:
    match name:
        case "tuple":
            return TupleValue(tuple(items))
        case "set":
            return SetObject(items)
        case _:
            return ListObject(items)


def _dict(positional: list[Value], arguments: Arguments) -> Value | None:
    if positional and not isinstance(positional[0], DictObject):
        return None
    made = DictObject(list(positional[0].pairs) if positional and isinstance(positional[0], DictObject) else [])
    made.pairs.extend((constant(name), value) for name, value in arguments.keywords.items())
    return made


def _pure(machine: Calls, name: str, positional: list[Value], arguments: Arguments) -> Value | None:
    if name not in _PURE or (arguments.keywords and name not in {"min", "max"}) or not positional:
        return None
    if arguments.keywords:
        return None
    values = [operators.settled(machine.world, value) for value in positional]
    if name == "len" and isinstance(values[0], TupleValue | ListObject):
        return constant(len(values[0].items))
    if name == "bool" and len(values) == 1:
        return constant(operators.truth(machine.world, values[0]))
    if all(isinstance(value, Constant) for value in values) and name not in {"id", "hash", "type", "callable"}:
        return operators.computed(_PURE[name], *(value.value for value in values if isinstance(value, Constant)))
    if name in {"min", "max"} and any(operators.numeric(machine.world, value) for value in values):
        return _least(machine, name, values)
    if any(isinstance(value, FunctionObject | GeneratorValue) for value in values):
        return None
    return operators.operation(machine.world, name, *values)


def _least(machine: Calls, name: str, values: list[Value]) -> Value:
    numbers = [operators.number_of(machine.world, value, count=False) for value in values]
    return operators.computed(_PURE[name], *numbers)


def call_method(machine: Calls, method: BoundMethod, arguments: Arguments, node: ast.AST) -> Steps[Value]:
    """Call a method of a constant or of a collection made by the code.

    Raises:
        Refused: where it isn't interpreted.
    """
    if not arguments.plain:
        raise Refused("ML401", "an opaque splat is not interpreted here", node)
    positional = [look(value) for value in arguments.positional]
    match method.owner:
        case Constant(value=str() | bytes()) if method.name in _TEXT_METHODS:
            return (yield from _text(machine, method, arguments, node))
        case ListObject() as owner:
            return _list(owner, method.name, positional, node)
        case DictObject() as owner:
            return _mapping(owner, method.name, positional, node)
        case _:
            raise Refused("ML401", f"the method {method.name} of this value is not interpreted", node)


def _text(machine: Calls, method: BoundMethod, arguments: Arguments, node: ast.AST) -> Steps[Value]:
    operands = [look(value) for value in arguments.positional]
    if method.name == "join" and len(operands) == 1 and not isinstance(operands[0], Term):
        operands = [TupleValue(tuple((yield from machine.everything(operands[0], node))))]
    operands = [operators.settled(machine.world, value) for value in operands]
    plain = not arguments.keywords and all(operators.known(value) for value in operands)
    wide = isinstance(method.owner, Constant) and operators.too_wide(str(method.owner.value))
    if plain and not wide and isinstance(method.owner, Constant):
        return operators.computed(getattr(method.owner.value, method.name), *map(operators.python_value, operands))
    named = [TupleValue((constant(label), value)) for label, value in arguments.keywords.items()]
    return operators.operation(machine.world, f"str.{method.name}", method.owner, *operands, *named)


def _list(owner: ListObject, name: str, positional: list[Value], node: ast.AST) -> Value:
    match name, positional:
        case "append", [item]:
            owner.items.append(item)
            return NONE
        case "extend", [ListObject(items=items)]:
            owner.items.extend(items)
            return NONE
        case "pop", []:
            if not owner.items:
                raise thrown("IndexError", "pop from empty list")
            return owner.items.pop()
        case "copy", []:
            return ListObject(list(owner.items))
        case "clear", []:
            owner.items.clear()
            return NONE
        case _:
            raise Refused("ML401", f"list.{name} is not interpreted", node)


def _mapping(owner: DictObject, name: str, positional: list[Value], node: ast.AST) -> Value:
    plain = all(isinstance(key, Constant) for key, _ in owner.pairs)
    match name, positional:
        case "get", [Constant() as key, *default] if plain:
            found = [value for known, value in owner.pairs if isinstance(known, Constant) and known.value == key.value]
            return look(found[0]) if found else (default[0] if default else NONE)
        case "copy", []:
            return DictObject(list(owner.pairs))
        case _:
            raise Refused("ML401", f"dict.{name} is not interpreted", node)
