# ruff: noqa: C901, PERF401, PLR0911, PLR0912, SIM102 - items are yielded for; a dispatch by match answers in each of its cases
"""Evaluation of expressions, in Python's order.

Rules: each operand is evaluated once, left to right; a value that was handed outside is read as its term; what is not
interpreted is refused with its place.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.comparisons import compare
from mulligan_codemods.prove.machine.core import Arguments, look, thrown
from mulligan_codemods.prove.machine.iteration import Iteration
from mulligan_codemods.prove.machine.reads import read_attribute, read_item
from mulligan_codemods.prove.machine.resolve import bind, lookup
from mulligan_codemods.prove.values.effects import EffectKind, Refused, Steps
from mulligan_codemods.prove.values.functions import Frame, FunctionObject, is_generator
from mulligan_codemods.prove.values.terms import (
    NONE,
    Attr,
    Constant,
    DictObject,
    ListObject,
    Root,
    SetObject,
    Term,
    TupleValue,
    Value,
    constant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Expressions"]

_LOGS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"})


_PRINT = Root("builtin", "print")


def _unchanged(found: object) -> object:
    return found


_CONVERSIONS: dict[int, Callable[[object], object]] = {-1: _unchanged, 115: str, 114: repr, 97: ascii}


class Expressions(Iteration):
    """The part of the interpreter that evaluates expressions."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate an expression inside another one."""
        if isinstance(node, ast.Constant):
            return _literal(node)
        if isinstance(node, ast.Name):
            return lookup(node.id, frame, self.world)
        self.pending += 1
        try:
            value = yield from self.evaluate_tail(node, frame)
        finally:
            self.pending -= 1
        return look(value)

    def evaluate_tail(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate an expression that is all of its statement: nothing is half done when its last call is made."""
        if isinstance(node, ast.Name | ast.Constant):
            return self.evaluate(node, frame)
        self.tick(node)
        match node:
            case ast.Call():
                return self.evaluate_call(node, frame)
            case ast.Attribute():
                return self._attribute(node, frame)
            case ast.Await():
                return self._await(node, frame)
            case ast.Compare():
                return self._comparison(node, frame)
            case ast.BinOp():
                return self._binary(node, frame)
            case ast.UnaryOp():
                return self._unary(node, frame)
            case ast.BoolOp():
                return self._boolean(node, frame)
            case ast.IfExp():
                return self._conditional(node, frame)
            case ast.Subscript():
                return self._subscript(node, frame)
            case ast.JoinedStr():
                return self._joined(node, frame)
            case ast.Lambda():
                return self.make_function(node, frame)
            case ast.NamedExpr():
                return self._named(node, frame)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self.comprehension(node, frame)
            case _:
                return self._display(node, frame)

    def _await(self, node: ast.Await, frame: Frame) -> Steps[Value]:
        if not frame.asynchronous:
            raise Refused("ML408", "await stands outside of asynchronous code", node)
        value = yield from self.evaluate_tail(node.value, frame)
        return (yield from self.await_value(value, node))

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Steps[Value]:
        below = yield from self.evaluate_tail(node.value, frame)
        return read_attribute(self, below, node.attr, node)

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Steps[Value]:
        below = yield from self.evaluate_tail(node.value, frame)
        index = yield from self.evaluate(node.slice, frame)
        return read_item(self, below, index)

    def _conditional(self, node: ast.IfExp, frame: Frame) -> Steps[Value]:
        chosen = operators.truth(self.world, (yield from self.evaluate_tail(node.test, frame)))
        return (yield from self.evaluate_tail(node.body if chosen else node.orelse, frame))

    def _binary(self, node: ast.BinOp, frame: Frame) -> Steps[Value]:
        first = yield from self.evaluate_tail(node.left, frame)
        second = yield from self.evaluate(node.right, frame)
        return operators.arithmetic(self.world, node.op, first, second)

    def _unary(self, node: ast.UnaryOp, frame: Frame) -> Steps[Value]:
        return operators.unary(self.world, node.op, (yield from self.evaluate_tail(node.operand, frame)))

    def _named(self, node: ast.NamedExpr, frame: Frame) -> Steps[Value]:
        found = yield from self.evaluate(node.value, frame)
        if not bind(node.target.id, found, frame):
            raise Refused("ML401", "a global variable is assigned", node)
        return found

    def _display(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        match node:
            case ast.Tuple(elts=elements):
                return TupleValue(tuple((yield from self._elements(elements, frame))))
            case ast.List(elts=elements):
                return ListObject((yield from self._elements(elements, frame)))
            case ast.Set(elts=elements):
                return SetObject((yield from self._elements(elements, frame)))
            case ast.Dict(keys=keys, values=values):
                return (yield from self._dictionary(keys, values, frame))
            case ast.Slice(lower=lower, upper=upper, step=step):
                ends: list[Value] = []
                for end in (lower, upper, step):
                    ends.append(NONE if end is None else (yield from self.evaluate(end, frame)))
                return operators.operation(self.world, "slice", *ends)
            case _:
                raise Refused("ML401", f"{_described(node)} is not interpreted", node)

    def _elements(self, nodes: Sequence[ast.expr], frame: Frame) -> Steps[list[Value]]:
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                value = yield from self.evaluate(node.value, frame)
                found.extend((yield from self.everything(value, node)))
            else:
                found.append((yield from self.evaluate(node, frame)))
        return found

    def _dictionary(self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr], frame: Frame) -> Steps[Value]:
        made = DictObject([])
        for key, value in zip(keys, values, strict=True):
            name = None if key is None else (yield from self.evaluate(key, frame))
            found = yield from self.evaluate(value, frame)
            if name is None and isinstance(found, DictObject):
                for old_key, old_value in found.pairs:
                    put(made, old_key, old_value)
            else:
                put(made, name, found)
        return made

    def _boolean(self, node: ast.BoolOp, frame: Frame) -> Steps[Value]:
        stops = isinstance(node.op, ast.Or)
        found: Value = NONE
        for place, part in enumerate(node.values):
            found = yield from self.evaluate_tail(part, frame)
            if place + 1 < len(node.values) and operators.truth(self.world, found) is stops:
                break
        return found

    def _comparison(self, node: ast.Compare, frame: Frame) -> Steps[Value]:
        first = yield from self.evaluate_tail(node.left, frame)
        found: Value = constant(value=True)
        for place, (op, part) in enumerate(zip(node.ops, node.comparators, strict=True)):
            second = yield from self.evaluate(part, frame)
            found = compare(self.world, op, first, second)
            if place + 1 < len(node.ops) and not operators.truth(self.world, found):
                break
            first = second
        return found

    def _joined(self, node: ast.JoinedStr, frame: Frame) -> Steps[Value]:
        found: list[Value] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                found.append((yield from self._formatted(part, frame)))
            else:
                found.append((yield from self.evaluate(part, frame)))
        parts = _texts_joined(found)
        match parts:
            case []:
                return constant("")
            case [Constant() as text]:
                return text
            case _:
                return operators.operation(self.world, "f-string", *parts)

    def _formatted(self, node: ast.FormattedValue, frame: Frame) -> Steps[Value]:
        value = operators.settled(self.world, (yield from self.evaluate(node.value, frame)))
        shape: Value = constant("")
        if node.format_spec is not None:
            shape = yield from self.evaluate(node.format_spec, frame)
        if isinstance(value, Constant) and isinstance(shape, Constant) and isinstance(shape.value, str):
            if not operators.too_wide(shape.value):
                convert = _CONVERSIONS[node.conversion]
                return operators.computed(lambda: format(convert(value.value), str(shape.value)))
        return operators.operation(self.world, f"format!{node.conversion}", value, shape)

    def evaluate_call(self, node: ast.Call, frame: Frame, *, builds: bool = False) -> Steps[Value]:
        """Evaluate callee and arguments in order, then call."""
        callee = yield from self.callee(node.func, frame)
        operands: list[tuple[str, Value]] = []
        self.pending += 1
        try:
            for argument in node.args:
                if isinstance(argument, ast.Starred):
                    operands.extend(_positions((yield from self.evaluate(argument.value, frame)), argument))
                else:
                    operands.append(("", (yield from self.evaluate(argument, frame))))
            for keyword in node.keywords:
                value = yield from self.evaluate(keyword.value, frame)
                operands.extend([(keyword.arg, value)] if keyword.arg else _keywords(value, node))
        finally:
            self.pending -= 1
        return (yield from self.call(callee, Arguments(tuple(operands)), node, builds=builds))

    def callee(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate what is called; looking up the last name is part of the call."""
        if isinstance(node, ast.Attribute):
            below = self.known_value((yield from self.evaluate(node.value, frame)), node)
            return read_attribute(self, below, node.attr, node, callee=True)
        return (yield from self.evaluate(node, frame))

    def make_function(self, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> Steps[Value]:
        """Make a function object; its defaults are evaluated now."""
        defaults: list[Value] = []
        for default in node.args.defaults:
            defaults.append((yield from self.evaluate(default, frame)))
        keywords: dict[str, Value] = {}
        for name, given in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if given is not None:
                keywords[name.arg] = yield from self.evaluate(given, frame)
        if is_generator(node):
            raise Refused("ML401", "a generator function is not interpreted", node)
        return FunctionObject(node, frame, tuple(defaults), keywords)

    def call_outside(self, callee: Value, arguments: Arguments, node: ast.AST, *, builds: bool) -> Steps[Value]:
        """Call something opaque: an effect."""
        return self.effect(EffectKind.CALL, callee, *arguments.operands, node=node, log=is_log(callee), builds=builds)


@lru_cache(maxsize=1024)
def _literal(node: ast.Constant) -> Constant:
    return constant(node.value)


def is_log(callee: Value) -> bool:
    """Tell whether a callee is print, or a log method of something that is named as a logger."""
    if isinstance(callee, Root):
        return callee == _PRINT
    return isinstance(callee, Attr) and callee.name.lower() in _LOGS and _is_logger(callee.base)


def _is_logger(value: Value) -> bool:
    name = value.name.rpartition(".")[2] if isinstance(value, Root | Attr) else ""
    return name.lower().strip("_").endswith(("log", "logger", "logging"))


def put(target: DictObject, key: Value | None, value: Value) -> None:
    """Put a pair into a dict as Python would: a known key keeps its place."""
    for place, (old, _) in enumerate(target.pairs):
        if key is not None and old == key:
            target.pairs[place] = (old, value)
            return
    target.pairs.append((key, value))


def _positions(value: Value, node: ast.AST) -> list[tuple[str, Value]]:
    """Return the operands that `*value` gives."""
    if isinstance(value, TupleValue | ListObject):
        return [("", item) for item in value.items]
    if isinstance(value, Term):
        return [("*", value)]
    raise Refused("ML401", "this splat is not interpreted", node)


def _keywords(value: Value, node: ast.AST) -> list[tuple[str, Value]]:
    """Return the operands that `**value` gives."""
    if isinstance(value, DictObject):
        found: list[tuple[str, Value]] = []
        for key, item in value.pairs:
            match key:
                case None:
                    found.append(("**", item))
                case Constant(value=str(name)):
                    found.append((name, item))
                case _:
                    raise Refused("ML401", "a splat with opaque keys is not interpreted", node)
        return found
    if isinstance(value, Term):
        return [("**", value)]
    raise thrown("TypeError", "argument after ** must be a mapping")


def _described(node: ast.AST) -> str:
    return {"Yield": "yield", "YieldFrom": "yield from"}.get(type(node).__name__, type(node).__name__)


def _texts_joined(parts: list[Value]) -> list[Value]:
    """Join the known texts of an f-string that stand side by side: where one of them ends makes no difference."""
    found: list[Value] = []
    for part in parts:
        match found, part:
            case [*before, Constant(value=str() as text)], Constant(value=str() as more):
                found = [*before, constant(text + more)]
            case _, Constant(value=""):
                continue
            case _:
                found.append(part)
    return found
