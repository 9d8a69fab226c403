# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""Reads of attributes and items: of known objects for real, of opaque ones as terms of their epoch.

Rules: a read of an opaque value may fail, which the world decides; it has no effect. Under the assumption that a read
is not changed by the call it carries no epoch and doesn't fail. The name of a method is looked up as part of its call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import Core, look, thrown
from mulligan_codemods.prove.runtime.base import RuntimeValue
from mulligan_codemods.prove.values.effects import Refused, Thrown
from mulligan_codemods.prove.values.functions import BoundMethod, FunctionObject
from mulligan_codemods.prove.values.terms import (
    Attr,
    Constant,
    DictObject,
    Error,
    ExceptionObject,
    Item,
    ListObject,
    Root,
    SetObject,
    Term,
    TupleValue,
    Value,
    constant,
    path_text,
)
from mulligan_codemods.prove.worlds.world import Key, Premise

if TYPE_CHECKING:
    import ast

__all__ = ["read_attribute", "read_item"]


def read_attribute(core: Core, base: Value, name: str, node: ast.AST, *, callee: bool = False) -> Value:
    """Read an attribute.

    Raises:
        Thrown: AttributeError, or what the world lets the read raise.
        Refused: where the attribute of a known object is not interpreted.
    """
    base = look(base)
    match base:
        case Term():
            return _opaque(core, Attr(base, name, core.world.epoch), callee=callee)
        case RuntimeValue():
            return base.attribute(name, node)
        case Constant() | ListObject() | DictObject() | SetObject() | TupleValue() if callee:
            return BoundMethod(base, name)
        case FunctionObject() if name in {"__name__", "__qualname__"}:
            return constant(base.name)
        case ExceptionObject(arguments=arguments) if name == "args":
            return TupleValue(arguments)
        case ExceptionObject(cause=cause) if name == "__cause__":
            return cause or constant(None)
        case ExceptionObject() if name == "__class__":
            return Root("builtin", base.kind)
        case _:
            raise Refused("ML401", f"the attribute {name} of this value is not interpreted", node)


def _opaque(core: Core, read: Attr, *, callee: bool) -> Value:
    path = path_text(read)
    if core.world.presumes("unchanged", path):
        return _without_epochs(read)
    if callee:
        return read
    if _is_module(read.base):
        core.world.note_read(path)
        return read
    _may_fail(core, read)
    return read


def _without_epochs(value: Value) -> Value:
    match value:
        case Attr(base=base, name=name):
            return Attr(_without_epochs(base), name, None)
        case Item(base=base, key=key):
            return Item(_without_epochs(base), key, None)
        case _:
            return value


def _is_module(base: Value) -> bool:
    match base:
        case Root(space="import" | "builtin"):
            return True
        case Attr(base=below):
            return _is_module(below)
        case _:
            return False


def _may_fail(core: Core, read: Attr | Item) -> None:
    if isinstance(read.base, Error) and isinstance(read, Attr):
        always = read.name in {"args", "__class__", "__cause__"}
        if always or core.world.has_own(read.base, read.name):
            return
    path = path_text(read)
    if core.world.presumes("lookup", path):
        return
    key = Key("fails", (read,), core.world.epoch)
    fails = core.world.choose(key, (False, True))
    core.world.note_read(path, failed=fails)
    if fails:
        if path is not None and Premise("lookup", path) in core.world.applicable:
            core.world.assumes("lookup", path)
        if isinstance(read, Attr) and _is_of_error(read.base):
            raise thrown("AttributeError", read.name)
        raise Thrown(Error(read))


def _is_of_error(base: Value) -> bool:
    """Tell whether a value belongs to an exception: what one lacks is an AttributeError, no error of the outside."""
    match base:
        case Error():
            return True
        case Attr(base=below) | Item(base=below):
            return _is_of_error(below)
        case _:
            return False


def read_item(core: Core, base: Value, key: Value) -> Value:
    """Read an item.

    Raises:
        Thrown: IndexError, KeyError or TypeError of known objects, or what the world lets the read raise.
    """
    base = look(base)
    match base, key:
        case (TupleValue(items=items), Constant(value=int(index))) | (
            ListObject(items=items),
            Constant(value=int(index)),
        ):
            if -len(items) <= index < len(items):
                return look(items[index])
            raise thrown("IndexError", "index out of range")
        case DictObject(pairs=pairs), Constant() if all(isinstance(known, Constant) for known, _ in pairs):
            for known, value in pairs:
                if isinstance(known, Constant) and known.value == key.value:
                    return look(value)
            raise Thrown(ExceptionObject("KeyError", (key,)))
        case Constant(value=str(text)), Constant(value=int(index)):
            if -len(text) <= index < len(text):
                return constant(text[index])
            raise thrown("IndexError", "string index out of range")
        case Term(), _:
            read = Item(base, key, core.world.epoch)
            path = path_text(read)
            if core.world.presumes("unchanged", path):
                return _without_epochs(read)
            _may_fail(core, read)
            return read
        case _:
            raise Refused("ML401", "this subscript is not interpreted")
