"""What a name stands for: a variable, a known constant of the module, an import, a builtin.

Rules: a name means `time.sleep` only when it provably does: one import statement at the module's top binds it, nothing
rebinds it, and no inner scope shadows it. In any other case it is an opaque term of its own.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import look, thrown
from mulligan_codemods.prove.values.effects import Refused
from mulligan_codemods.prove.values.terms import Constant, Root, TupleValue, Value, constant

if TYPE_CHECKING:
    from mulligan_codemods.prove.texts.scopes import Module
    from mulligan_codemods.prove.values.functions import Frame
    from mulligan_codemods.prove.worlds.world import World

__all__ = ["bind", "lookup", "unbind"]


def lookup(name: str, frame: Frame, world: World) -> Value:
    """Return the value of a name in a frame.

    Raises:
        Thrown: UnboundLocalError or NameError.
    """
    if name in frame.scope.globals:
        return module_variable(name, frame, world)
    current: Frame | None = frame
    while current is not None:
        if name in current.scope.bound:
            return _variable(name, current, frame)
        if name in current.outer:
            return Root("local", name, world.epoch) if name in current.shifting else current.outer[name]
        current = current.parent
    return module_variable(name, frame, world)


def _variable(name: str, owner: Frame, frame: Frame) -> Value:
    found = owner.variables.get(name)
    if found is not None:
        return look(found)
    if owner.is_module:
        builtin = builtin_value(name)
        if builtin is not None:
            return builtin
        raise thrown("NameError", name)
    raise thrown("UnboundLocalError" if owner is frame else "NameError", name)


def module_variable(name: str, frame: Frame, world: World) -> Value:
    """Return what a name means at module level; a region at module level has its names in its own frame."""
    current: Frame | None = frame
    while current is not None:
        if current.is_module and name in current.scope.bound:
            return _variable(name, current, current)
        current = current.parent
    return module_value(frame.module, name, world.epoch)


def module_value(module: Module, name: str, epoch: int) -> Value:
    """Return the value of a module-level name.

    Raises:
        Refused: where a star import might bind it.
    """
    if module.star:
        raise Refused("ML402", f"a star import may bind {name}")
    if name in module.rebound:
        return Root("global", name, epoch)
    found = module.known.get(name)
    if found is None:
        found = module.known[name] = _stable(module, name, epoch)
    return found


def _stable(module: Module, name: str, epoch: int) -> Value:
    if name not in module.bindings:
        return builtin_value(name) or own_name(module, name)
    origin = module.origin(name)
    if origin is not None:
        return Root("import", origin)
    return _assigned(module, name, epoch) or own_name(module, name)


def own_name(module: Module, name: str) -> Root:
    """Return the term of a name that the module binds itself; with the module's name, another module can mean it."""
    return Root("global", name) if module.name is None else Root("import", f"{module.name}.{name}")


def builtin_value(name: str) -> Value | None:
    """Return the builtin of this name."""
    return Root("builtin", name) if hasattr(builtins, name) else None


def _assigned(module: Module, name: str, epoch: int) -> Value | None:
    sole = module.sole(name)
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name() as target], value=value) if target is sole:
                return literal(module, value, epoch)
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value) if target is sole:
                return literal(module, value, epoch)
            case _:
                pass
    return None


def literal(module: Module, node: ast.expr, epoch: int) -> Value | None:
    """Return a literal constant, or a tuple of constants and names of classes."""
    match node:
        case ast.Constant(value=found):
            return constant(found)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return constant(-number)
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(literal(module, left, epoch), op, literal(module, right, epoch))
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="pytest"), attr="importorskip"), args=[ast.Constant(value=str(name))]
        ):
            return Root("import", name)
        case ast.Tuple(elts=elements):
            parts = [_element(module, element, epoch) for element in elements]
            items = [item for item in parts if item is not None]
            return TupleValue(tuple(items)) if len(items) == len(elements) else None
        case _:
            return None


def _element(module: Module, node: ast.expr, epoch: int) -> Value | None:
    match node:
        case ast.Name(id=name):
            return None if name in module.rebound else module_value(module, name, epoch)
        case ast.Attribute(value=base, attr=attribute):
            below = _element(module, base, epoch)
            return _module_attribute(below, attribute)
        case _:
            return literal(module, node, epoch)


def _module_attribute(base: Value | None, attribute: str) -> Value | None:
    if isinstance(base, Root) and base.space == "import":
        return Root("import", f"{base.name}.{attribute}")
    return None


def _arithmetic(left: Value | None, op: ast.operator, right: Value | None) -> Value | None:
    match left, op, right:
        case Constant(value=int() | float() as first), ast.Mult(), Constant(value=int() | float() as second):
            return constant(first * second)
        case Constant(value=int() | float() as first), ast.Add(), Constant(value=int() | float() as second):
            return constant(first + second)
        case Constant(value=int() | float() as first), ast.Sub(), Constant(value=int() | float() as second):
            return constant(first - second)
        case _:
            return None


def bind(name: str, value: Value, frame: Frame) -> bool:
    """Bind a variable; `False` where the name is a global of the module, outside the region."""
    owner = owner_of(name, frame)
    if owner is None:
        return False
    owner.variables[name] = value
    return True


def unbind(name: str, frame: Frame) -> None:
    """Delete a variable.

    Raises:
        Thrown: NameError, when it is not bound.
    """
    owner = owner_of(name, frame)
    if owner is None or name not in owner.variables:
        raise thrown("UnboundLocalError" if owner is frame and not frame.is_module else "NameError", name)
    del owner.variables[name]


def owner_of(name: str, frame: Frame) -> Frame | None:
    """Return the frame in which an assignment to the name binds it."""
    if name in frame.scope.globals:
        current: Frame | None = frame
        while current is not None:
            if current.is_module:
                return current
            current = current.parent
        return None
    if name in frame.scope.bound:
        return frame
    current = frame.parent
    while current is not None:
        if name in current.scope.bound and not current.is_module:
            return current
        current = current.parent
    return None
