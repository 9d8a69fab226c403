# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""Whether two values, effects or ends are the same on both sides.

Rules: terms are the same when their origins are; numbers that the world drew count as numbers; an object made by the
code is the same as one with equal content that goes outside in the same place. `1`, `1.0` and `True` differ.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.iteration import RangeValue
from mulligan_codemods.prove.values.effects import Effect, EffectKind
from mulligan_codemods.prove.values.functions import BoundMethod, Frame, FunctionObject, free_names
from mulligan_codemods.prove.values.terms import (
    NONE,
    Attr,
    Constant,
    DictObject,
    ExceptionObject,
    Fresh,
    Item,
    ListObject,
    Mutable,
    Operation,
    SetObject,
    Term,
    TupleValue,
    Value,
    path_text,
    stable_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mulligan_codemods.prove.worlds.world import World

__all__ = ["Comparison", "escape"]

_TOLERANCE = 1e-9


@dataclass(slots=True)
class Comparison:
    """One comparison of two structures; objects that were paired stay paired."""

    world: World
    pairs: dict[int, int] = field(default_factory=dict[int, int])
    back: dict[int, int] = field(default_factory=dict[int, int])

    def same(self, old: Value | None, new: Value | None) -> bool:
        """Tell whether two values are the same."""
        if old is None or new is None:
            return old is new
        old, new = self._settled(old), self._settled(new)
        match old, new:
            case (Constant(), Constant()) | (Fresh(), Fresh()):
                return old == new
            case TupleValue(items=first), TupleValue(items=second):
                return self.all_same(first, second)
            case Attr(), Attr():
                return old.name == new.name and old.epoch == new.epoch and self.same(old.base, new.base)
            case Item(), Item():
                return old.epoch == new.epoch and self.same(old.base, new.base) and self.same(old.key, new.key)
            case Operation(), Operation():
                return (
                    old.operator == new.operator
                    and (old.epoch == new.epoch or None in (old.epoch, new.epoch))
                    and self.all_same(old.operands, new.operands)
                )
            case _:
                return self._same_object(old, new)

    def _settled(self, value: Value) -> Value:
        if isinstance(value, Mutable) and value.fresh is not None:
            return value.fresh
        return operators.settled(self.world, value)

    def all_same(self, old: Iterable[Value], new: Iterable[Value]) -> bool:
        """Tell whether two sequences are the same."""
        first, second = tuple(old), tuple(new)
        return len(first) == len(second) and all(self.same(one, two) for one, two in zip(first, second, strict=True))

    def _same_object(self, old: Value, new: Value) -> bool:
        if type(old) is not type(new):
            return False
        match old, new:
            case ((ListObject() | SetObject() | DictObject()), (ListObject() | SetObject() | DictObject())):
                return self._same_mutable(old, new)
            case ExceptionObject(), ExceptionObject():
                return (
                    old.kind == new.kind
                    and self.all_same(old.arguments, new.arguments)
                    and self.same(old.cause or NONE, new.cause or NONE)
                )
            case FunctionObject(), FunctionObject():
                return self._same_function(old, new)
            case BoundMethod(), BoundMethod():
                return old.name == new.name and self.same(old.owner, new.owner)
            case RangeValue(), RangeValue():
                return old == new
            case _:
                return old == new

    def _same_mutable(self, old: ListObject | SetObject | DictObject, new: ListObject | SetObject | DictObject) -> bool:
        if id(old) in self.pairs or id(new) in self.back:
            return self.pairs.get(id(old)) == id(new) and self.back.get(id(new)) == id(old)
        self.pairs[id(old)], self.back[id(new)] = id(new), id(old)
        if isinstance(old, DictObject) and isinstance(new, DictObject):
            keys = [(one, two) for (one, _), (two, _) in zip(old.pairs, new.pairs, strict=False)]
            if any((one is None) is not (two is None) for one, two in keys):
                return False
        return self.all_same(old.parts(), new.parts())

    def _same_function(self, old: FunctionObject, new: FunctionObject) -> bool:
        if ast.dump(old.node) != ast.dump(new.node) or not self.all_same(old.defaults, new.defaults):
            return False
        if set(old.keyword_defaults) != set(new.keyword_defaults):
            return False
        names = sorted(free_names(old.node))
        return all(self.same(_captured(old.frame, name), _captured(new.frame, name)) for name in names)

    def same_effect(self, old: Effect, new: Effect) -> bool:
        """Tell whether two effects are the same, apart from the exception being handled."""
        if old.kind is not new.kind or not self._same_subject(old, new):
            return False
        if old.kind in {EffectKind.SLEEP, EffectKind.ASYNC_SLEEP}:
            return self._same_delay(old.operands[0][1], new.operands[0][1])
        labels = [label for label, _ in old.operands] == [label for label, _ in new.operands]
        return labels and self.all_same((value for _, value in old.operands), (value for _, value in new.operands))

    def _same_subject(self, old: Effect, new: Effect) -> bool:
        if old.kind is not EffectKind.CALL or not isinstance(old.subject, Attr) or not isinstance(new.subject, Attr):
            return self.same(old.subject, new.subject)
        path = stable_path(old.subject)
        if path is not None and path == stable_path(new.subject):
            return True  # what a module defines stays what it is
        if old.subject.name != new.subject.name or not self.same(old.subject.base, new.subject.base):
            return False
        if old.subject.epoch == new.subject.epoch:
            return True
        return self.world.assumes("lookup", path_text(old.subject))

    def _same_delay(self, old: Value, new: Value) -> bool:
        if not isinstance(old, Constant) or not isinstance(new, Constant):
            return self.same(old, new)
        if not isinstance(old.value, int | float) or not isinstance(new.value, int | float):
            return False
        return abs(old.value - new.value) <= _TOLERANCE * max(1.0, abs(old.value))


def _captured(frame: Frame, name: str) -> Value | None:
    current: Frame | None = frame
    while current is not None:
        if name in current.scope.bound:
            return current.variables.get(name)
        current = current.parent
    return None


_NO_OBJECT = (Term, Constant)


def escape(effect: Effect, number: int) -> None:
    """Give each object that goes outside its term: the effect's number and its place there."""
    if isinstance(effect.subject, Term) and all(isinstance(value, _NO_OBJECT) for _, value in effect.operands):
        return
    for place, value in enumerate(_reachable(effect.subject, *(value for _, value in effect.operands))):
        if value.fresh is None:
            value.fresh = Fresh(number, place)


def _reachable(*values: Value) -> Iterator[Mutable]:
    seen: set[int] = set()
    stack = list(reversed(values))
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        match value:
            case Mutable():
                yield value
                stack.extend(reversed(value.parts()))
            case TupleValue(items=items):
                stack.extend(reversed(items))
            case ExceptionObject(arguments=arguments):
                stack.extend(reversed(arguments))
            case FunctionObject(node=node, frame=frame):
                found = [_captured(frame, name) for name in sorted(free_names(node))]
                stack.extend(value for value in found if value is not None)
            case BoundMethod(owner=owner):
                stack.append(owner)
            case _:
                pass
