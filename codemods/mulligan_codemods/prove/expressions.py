# ruff: noqa: PERF401, PLR0911, SIM102 - items are yielded for; a dispatch by match answers in each of its cases
"""Evaluation of expressions, in Python's order.

Rules: each operand is evaluated once, left to right; a value that was handed outside is read as its term; what is not
interpreted is refused with its place.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove import operators
from mulligan_codemods.prove.effects import EffectKind, Refused, Steps
from mulligan_codemods.prove.functions import Frame, FunctionObject
from mulligan_codemods.prove.iteration import Iteration
from mulligan_codemods.prove.machine import Arguments, look, thrown
from mulligan_codemods.prove.reads import read_attribute, read_item
from mulligan_codemods.prove.resolve import bind, lookup
from mulligan_codemods.prove.terms import (
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


def _unchanged(found: object) -> object:
    return found


_CONVERSIONS: dict[int, Callable[[object], object]] = {-1: _unchanged, 115: str, 114: repr, 97: ascii}


class Expressions(Iteration):
    """The part of the interpreter that evaluates expressions."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate an expression inside another one."""
        if isinstance(node, ast.Constant):
            return constant(node.value)
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
        self.tick(node)
        match node:
            case ast.Constant(value=found):
                return constant(found)
            case ast.Name(id=name):
                return lookup(name, frame, self.world)
            case ast.Call():
                return (yield from self.evaluate_call(node, frame))
            case ast.Await() if not frame.asynchronous:
                raise Refused("ML408", "await stands outside of asynchronous code", node)
            case ast.Await(value=inner):
                value = yield from self.evaluate_tail(inner, frame)
                return (yield from self.await_value(value, node))
            case ast.Attribute(value=base, attr=name):
                below = yield from self.evaluate(base, frame)
                return read_attribute(self, below, name, node)
            case ast.Subscript(value=base, slice=key):
                below = yield from self.evaluate(base, frame)
                index = yield from self.evaluate(key, frame)
                return read_item(self, below, index)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = operators.truth(self.world, (yield from self.evaluate(test, frame)))
                return (yield from self.evaluate_tail(body if chosen else orelse, frame))
            case ast.Lambda():
                return (yield from self.make_function(node, frame))
            case _:
                return (yield from self._operator(node, frame))

    def _operator(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                first = yield from self.evaluate(left, frame)
                second = yield from self.evaluate(right, frame)
                return operators.arithmetic(self.world, op, first, second)
            case ast.UnaryOp(op=op, operand=operand):
                return operators.unary(self.world, op, (yield from self.evaluate(operand, frame)))
            case ast.BoolOp(op=op, values=values):
                return (yield from self._boolean(op, values, frame))
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                return (yield from self._comparison(left, ops, comparators, frame))
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                found = yield from self.evaluate(value, frame)
                if not bind(name, found, frame):
                    raise Refused("ML401", "a global variable is assigned", node)
                return found
            case ast.JoinedStr(values=parts):
                return (yield from self._joined(parts, frame))
            case _:
                return (yield from self._display(node, frame))

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
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return (yield from self.comprehension(node, frame))
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

    def _boolean(self, op: ast.boolop, values: Sequence[ast.expr], frame: Frame) -> Steps[Value]:
        stops = isinstance(op, ast.Or)
        found: Value = NONE
        for place, node in enumerate(values):
            found = yield from self.evaluate(node, frame)
            if place + 1 < len(values) and operators.truth(self.world, found) is stops:
                break
        return found

    def _comparison(
        self, left: ast.expr, ops: Sequence[ast.cmpop], comparators: Sequence[ast.expr], frame: Frame
    ) -> Steps[Value]:
        first = yield from self.evaluate(left, frame)
        found: Value = constant(value=True)
        for place, (op, node) in enumerate(zip(ops, comparators, strict=True)):
            second = yield from self.evaluate(node, frame)
            found = operators.compare(self.world, op, first, second)
            if place + 1 < len(ops) and not operators.truth(self.world, found):
                break
            first = second
        return found

    def _joined(self, parts: Sequence[ast.expr], frame: Frame) -> Steps[Value]:
        found: list[Value] = []
        for part in parts:
            if isinstance(part, ast.FormattedValue):
                found.append((yield from self._formatted(part, frame)))
            else:
                found.append((yield from self.evaluate(part, frame)))
        if all(isinstance(part, Constant) for part in found):
            return constant("".join(str(part.value) for part in found if isinstance(part, Constant)))
        return operators.operation(self.world, "f-string", *found)

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
                operands.extend((yield from self._argument(argument, frame)))
            for keyword in node.keywords:
                value = yield from self.evaluate(keyword.value, frame)
                operands.extend([(keyword.arg, value)] if keyword.arg else _splat(value, node))
        finally:
            self.pending -= 1
        return (yield from self.call(callee, Arguments(tuple(operands)), node, builds=builds))

    def callee(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate what is called; looking up the last name is part of the call."""
        if isinstance(node, ast.Attribute):
            below = yield from self.evaluate(node.value, frame)
            below = yield from self.known_value(below, node)
            return read_attribute(self, below, node.attr, node, callee=True)
        return (yield from self.evaluate(node, frame))

    def _argument(self, node: ast.expr, frame: Frame) -> Steps[list[tuple[str, Value]]]:
        if not isinstance(node, ast.Starred):
            return [("", (yield from self.evaluate(node, frame)))]
        value = yield from self.evaluate(node.value, frame)
        if isinstance(value, TupleValue | ListObject):
            return [("", item) for item in (value.items)]
        if isinstance(value, Term):
            return [("*", value)]
        raise Refused("ML401", "this splat is not interpreted", node)

    def make_function(self, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> Steps[Value]:
        """Make a function object; its defaults are evaluated now."""
        defaults: list[Value] = []
        for default in node.args.defaults:
            defaults.append((yield from self.evaluate(default, frame)))
        keywords: dict[str, Value] = {}
        for name, given in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if given is not None:
                keywords[name.arg] = yield from self.evaluate(given, frame)
        if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node)):
            raise Refused("ML401", "a generator function is not interpreted", node)
        return FunctionObject(node, frame, tuple(defaults), keywords)

    def call_outside(self, callee: Value, arguments: Arguments, node: ast.AST, *, builds: bool) -> Steps[Value]:
        """Call something opaque: an effect."""
        answer = yield from self.effect(
            EffectKind.CALL, callee, *arguments.operands, node=node, log=is_log(callee), builds=builds
        )
        return answer


def is_log(callee: Value) -> bool:
    """Tell whether a callee is print, or a log method of something that is named as a logger."""
    if callee == Root("builtin", "print"):
        return True
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


def _splat(value: Value, node: ast.AST) -> list[tuple[str, Value]]:
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
