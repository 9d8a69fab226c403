"""Iteration: over known collections item by item, over opaque ones by asking the world for each next item.

Rules: an iterator's position is part of the machine's state. A comprehension is evaluated eagerly; a generator
expression only where a builtin consumes it at once.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.core import Core, look, thrown
from mulligan_codemods.prove.texts.scopes import Scope
from mulligan_codemods.prove.values.effects import EffectKind, Refused, Steps
from mulligan_codemods.prove.values.functions import Frame
from mulligan_codemods.prove.values.terms import (
    Constant,
    DictObject,
    ListObject,
    SetObject,
    Term,
    TupleValue,
    Value,
    constant,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.prove.worlds.world import World

__all__ = ["EXHAUSTED", "GeneratorValue", "Iteration", "IteratorObject", "RangeValue"]

EXHAUSTED = constant(...)
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class RangeValue(Value):
    """A range of known numbers."""

    start: int
    stop: int
    step: int

    def as_range(self) -> range:
        """Return Python's range."""
        return range(self.start, self.stop, self.step)


@dataclass(slots=True, eq=False)
class GeneratorValue(Value):
    """A generator expression that nothing consumed yet, with its outermost iterable evaluated."""

    node: ast.GeneratorExp
    frame: Frame
    first: Value


@dataclass(slots=True, eq=False)
class IteratorObject(Value):
    """A position in a known sequence, or in an opaque iterable."""

    source: Value
    position: int = 0
    counts_from: int | None = None
    asynchronous: bool = False
    inner: tuple[IteratorObject, ...] = field(default=())

    def state(self) -> Sequence[object]:
        """Return what decides how the iteration goes on."""
        if isinstance(self.source, Term):
            return (self.source, self.counts_from is not None and self.position)
        return (self.source, self.position)


class _Enough(Exception):  # noqa: N818 - a signal, not an error of ours
    """The rest of a generator is not asked for."""


@dataclass(frozen=True, slots=True)
class _Until:
    """Takes the items of a generator until one has the wanted truth."""

    world: World
    wanted: bool

    def see(self, item: Value) -> None:
        """Take an item.

        Raises:
            _Enough: when it is the wanted one.
        """
        if operators.truth(self.world, item) is self.wanted:
            raise _Enough


class Iteration(Core):
    """The part of the interpreter that iterates."""

    def iterator(self, value: Value, node: ast.AST, *, asynchronous: bool = False) -> IteratorObject:
        """Make an iterator."""
        value = look(value)
        if isinstance(value, IteratorObject):
            return value
        if isinstance(value, Term):
            return IteratorObject(value, asynchronous=asynchronous)
        if asynchronous or not isinstance(value, TupleValue | ListObject | SetObject | DictObject | RangeValue):
            raise Refused("ML401", "iterating over this value is not interpreted", node)
        return IteratorObject(value)

    def begin(self, value: Value, node: ast.AST, *, asynchronous: bool = False) -> Steps[IteratorObject]:
        """Begin to iterate: of an opaque iterable an effect, so that beginning anew is no going on."""
        iterator = self.iterator(value, node, asynchronous=asynchronous)
        source = look(iterator.source)
        if isinstance(source, Term) and not iterator.position:
            yield from self.effect(EffectKind.ITER, source, ("", constant(value=asynchronous)), node=node)
        return iterator

    def next_item(self, iterator: IteratorObject, node: ast.AST) -> Steps[Value]:
        """Return the next item, or `EXHAUSTED`."""
        source = look(iterator.source)
        if isinstance(source, Term):
            found = yield from self.effect(
                EffectKind.NEXT, source, ("", constant(value=iterator.asynchronous)), node=node
            )
        else:
            found = known_item(source, iterator.position)
        if found is EXHAUSTED:
            return found
        iterator.position += 1
        if iterator.counts_from is not None:
            return TupleValue((constant(iterator.counts_from + iterator.position - 1), found))
        return found

    def everything(self, value: Value, node: ast.AST) -> Steps[list[Value]]:
        """Return all items."""
        if isinstance(value, GeneratorValue):
            made = ListObject([])
            yield from self._clauses(value.node, value.node.generators, value.frame, made, value.first)
            return made.items
        iterator = yield from self.begin(value, node)
        found: list[Value] = []
        while True:
            item = yield from self.next_item(iterator, node)
            if item is EXHAUSTED:
                return found
            found.append(item)
            self.tick(node)

    def decided(self, value: GeneratorValue, *, wanted: bool) -> Steps[bool]:
        """Tell whether an item's truth is the wanted one; the items after it are never made."""
        made = _Until(self.world, wanted)
        try:
            yield from self._clauses(value.node, value.node.generators, value.frame, made, value.first)
        except _Enough:
            return True
        return False

    def comprehension(self, node: Comprehension, frame: Frame) -> Steps[Value]:
        """Evaluate a comprehension; a generator expression waits for its consumer."""
        first = yield from self.evaluate(node.generators[0].iter, frame)
        inner = Frame(_scope(node), frame.module, frame, {}, asynchronous=frame.asynchronous)
        if isinstance(node, ast.GeneratorExp):
            return GeneratorValue(node, inner, first)
        made: ListObject | SetObject | DictObject
        match node:
            case ast.ListComp():
                made = ListObject([])
            case ast.SetComp():
                made = SetObject([])
            case ast.DictComp():
                made = DictObject([])
        yield from self._clauses(node, node.generators, inner, made, first)
        return made

    def _clauses(
        self,
        node: Comprehension,
        clauses: Sequence[ast.comprehension],
        frame: Frame,
        made: ListObject | SetObject | DictObject | _Until,
        first: Value | None,
    ) -> Steps[None]:
        if not clauses:
            yield from self._element(node, frame, made)
            return
        clause = clauses[0]
        source = first if first is not None else (yield from self.evaluate(clause.iter, frame))
        iterator = yield from self.begin(source, clause.iter, asynchronous=bool(clause.is_async))
        self.pending += 1
        try:
            while True:
                item = yield from self.next_item(iterator, node)
                if item is EXHAUSTED:
                    return
                self.tick(node)
                yield from self.assign(clause.target, item, frame)
                if (yield from self._passes(clause.ifs, frame)):
                    yield from self._clauses(node, clauses[1:], frame, made, None)
        finally:
            self.pending -= 1

    def _passes(self, tests: Sequence[ast.expr], frame: Frame) -> Steps[bool]:
        for test in tests:
            if not operators.truth(self.world, (yield from self.evaluate(test, frame))):
                return False
        return True

    def _element(
        self, node: Comprehension, frame: Frame, made: ListObject | SetObject | DictObject | _Until
    ) -> Steps[None]:
        if isinstance(node, ast.DictComp) and isinstance(made, DictObject):
            key = yield from self.evaluate(node.key, frame)
            made.pairs.append((key, (yield from self.evaluate(node.value, frame))))
        elif not isinstance(node, ast.DictComp) and isinstance(made, ListObject | SetObject):
            made.items.append((yield from self.evaluate(node.elt, frame)))
        elif not isinstance(node, ast.DictComp) and isinstance(made, _Until):
            made.see((yield from self.evaluate(node.elt, frame)))


def known_item(source: Value, position: int) -> Value:
    """Return an item of a known collection, or `EXHAUSTED`."""
    match source:
        case TupleValue(items=items):
            found: Sequence[Value] = items
        case ListObject(items=listed) | SetObject(items=listed):
            found = listed
        case DictObject(pairs=pairs):
            found = [key for key, _ in pairs if isinstance(key, Constant)]
            if len(found) != len(pairs):
                raise Refused("ML401", "iterating over a dict with opaque keys is not interpreted")
        case RangeValue():
            numbers = source.as_range()
            return constant(numbers[position]) if position < len(numbers) else EXHAUSTED
        case _:
            raise thrown("TypeError", "not iterable")
    return look(found[position]) if position < len(found) else EXHAUSTED


def _scope(node: Comprehension) -> Scope:
    names = {
        inner.id
        for clause in node.generators
        for inner in ast.walk(clause.target)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }
    return Scope(frozenset(names), frozenset(), frozenset())
