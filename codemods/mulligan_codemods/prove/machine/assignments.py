"""Assignment and deletion: names of the code's own, what the code made, and stores that the outside sees.

Rules: a store into an opaque object is an effect, one into a collection of the code's own is not; a global variable of
the module is never assigned.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.core import look, thrown
from mulligan_codemods.prove.machine.expressions import put
from mulligan_codemods.prove.machine.managers import Managers
from mulligan_codemods.prove.machine.reads import read_attribute
from mulligan_codemods.prove.machine.resolve import bind, unbind
from mulligan_codemods.prove.values.effects import EffectKind, Refused, Steps
from mulligan_codemods.prove.values.terms import Constant, DictObject, ListObject, Mutable, Term, Value, constant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.prove.values.functions import Frame

__all__ = ["Assignments"]


class Assignments(Managers):
    """The part of the interpreter that assigns and deletes."""

    def bind(self, name: str, value: Value, frame: Frame, node: ast.AST) -> None:
        """Bind a name.

        Raises:
            Refused: where it is a global of the module, outside the region.
        """
        if not bind(name, value, frame):
            raise Refused("ML401", f"the global variable {name} is assigned", node)

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> Steps[None]:
        """Assign to a name, an attribute, an item, or each of a tuple's targets."""
        match target:
            case ast.Name(id=name):
                self.bind(name, value, frame, target)
            case ast.Attribute(value=base, attr=name):
                below = look((yield from self.evaluate(base, frame)))
                yield from self._store(below, constant("." + name), value, target)
            case ast.Subscript(value=base, slice=key):
                below = look((yield from self.evaluate(base, frame)))
                index = yield from self.evaluate(key, frame)
                yield from self._store(below, index, value, target)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                yield from self._unpack(elements, value, frame, target)
            case _:
                raise Refused("ML401", "this target is not interpreted", target)

    def _store(self, base: Value, key: Value, value: Value, node: ast.AST) -> Steps[None]:
        match base, key:
            case DictObject(), _ if not (isinstance(key, Constant) and str(key.value).startswith(".")):
                put(base, key, value)
            case ListObject(items=items), Constant(value=int(index)) if -len(items) <= index < len(items):
                items[index] = value
            case Term(), _:
                yield from self.effect(EffectKind.STORE, base, ("", key), ("", value), node=node)
            case _:
                raise Refused("ML401", "this assignment is not interpreted", node)

    def _unpack(self, targets: Sequence[ast.expr], value: Value, frame: Frame, node: ast.AST) -> Steps[None]:
        if any(isinstance(target, ast.Starred) for target in targets):
            raise Refused("ML401", "a starred target is not interpreted", node)
        value = look(value)
        if isinstance(value, Term):
            yield from self._unpack_opaque(targets, value, frame, node)
            return
        items = yield from self.everything(value, node)
        if len(items) != len(targets):
            raise thrown("ValueError", "wrong number of values to unpack")
        for target, item in zip(targets, items, strict=True):
            yield from self.assign(target, item, frame)

    def _unpack_opaque(self, targets: Sequence[ast.expr], value: Term, frame: Frame, node: ast.AST) -> Steps[None]:
        answer = yield from self.effect(EffectKind.NEXT, value, ("", constant(f"unpack {len(targets)}")), node=node)
        for place, target in enumerate(targets):
            part = operators.operation(self.world, "part", answer, constant(place))
            yield from self.assign(target, part, frame)

    def augmented(self, node: ast.AugAssign, frame: Frame) -> Steps[None]:
        """Run an assignment such as `+=`."""
        match node.target:
            case ast.Name():
                old = yield from self.evaluate(ast.Name(node.target.id, ast.Load()), frame)
                new = yield from self.evaluate(node.value, frame)
                if isinstance(old, Mutable):
                    raise Refused("ML401", "an augmented assignment to a collection is not interpreted", node)
                self.bind(node.target.id, operators.arithmetic(self.world, node.op, old, new), frame, node)
            case ast.Attribute(value=base, attr=name):
                below = yield from self.evaluate(base, frame)
                old = read_attribute(self, below, name, node)
                new = yield from self.evaluate(node.value, frame)
                found = operators.arithmetic(self.world, node.op, old, new)
                yield from self._store(below, constant("." + name), found, node)
            case _:
                raise Refused("ML401", "this augmented assignment is not interpreted", node)

    def delete(self, target: ast.expr, frame: Frame) -> Steps[None]:
        """Delete a name, an attribute or an item."""
        match target:
            case ast.Name(id=name):
                unbind(name, frame)
            case ast.Attribute(value=base, attr=name):
                below = look((yield from self.evaluate(base, frame)))
                yield from self.effect(EffectKind.DELETE, below, ("", constant("." + name)), node=target)
            case ast.Subscript(value=base, slice=key):
                below = look((yield from self.evaluate(base, frame)))
                index = yield from self.evaluate(key, frame)
                if not isinstance(below, Term):
                    raise Refused("ML401", "this deletion is not interpreted", target)
                yield from self.effect(EffectKind.DELETE, below, ("", index), node=target)
            case _:
                raise Refused("ML401", "this deletion is not interpreted", target)
