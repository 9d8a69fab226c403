# ruff: noqa: C901, PLR0911 - a dispatch by match answers in each of its cases
"""Execution of statements: order, scopes, and how blocks are left.

Rules: `finally` runs on every way out and may replace it; `except E as name` unbinds the name at the end; `else` of a
loop runs unless `break`; a bare `raise` raises what is being handled, or RuntimeError.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.assignments import Assignments
from mulligan_codemods.prove.machine.core import Arguments, Signal, look, thrown
from mulligan_codemods.prove.machine.iteration import EXHAUSTED
from mulligan_codemods.prove.machine.resolve import unbind
from mulligan_codemods.prove.runtime.base import LoopValue
from mulligan_codemods.prove.values.effects import Mark, MarkKind, Refused, Steps, Thrown
from mulligan_codemods.prove.values.terms import (
    NONE,
    ExceptionObject,
    Root,
    Term,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.prove.values.functions import Frame

__all__ = ["Statements"]

BREAK, CONTINUE = Signal("break"), Signal("continue")


class Statements(Assignments):
    """The part of the interpreter that runs statements."""

    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> Steps[Signal | None]:
        """Run statements until one leaves the block."""
        for statement in statements:
            signal = yield from self.statement(statement, frame)
            if signal is not None:
                return signal
        return None

    def statement(self, node: ast.stmt, frame: Frame) -> Steps[Signal | None]:
        """Run one statement."""
        self.tick(node)
        match node:
            case ast.Expr():
                return self._expression(node, frame)
            case ast.Assign() | ast.AnnAssign():
                return self._assign(node, frame)
            case ast.AugAssign():
                return self.augmented(node, frame)
            case ast.If():
                return self._if(node, frame)
            case ast.Return():
                return self._return(node, frame)
            case ast.Raise():
                return self._raise(node, frame)
            case ast.Try():
                return self._try(node, frame)
            case ast.While():
                return self._while(node, frame)
            case ast.AsyncFor() | ast.AsyncWith() if not frame.asynchronous:
                raise Refused("ML408", "asynchronous code stands in a plain function", node)
            case ast.For() | ast.AsyncFor():
                return self._for(node, frame)
            case ast.With() | ast.AsyncWith():
                return self.with_items(node, node.items, frame)
            case _:
                return self._simple(node, frame)

    def _expression(self, node: ast.Expr, frame: Frame) -> Steps[None]:
        yield from self.evaluate_tail(node.value, frame)

    def _return(self, node: ast.Return, frame: Frame) -> Steps[Signal]:
        value = NONE if node.value is None else look((yield from self.evaluate_tail(node.value, frame)))
        return Signal("return", value)

    def _if(self, node: ast.If, frame: Frame) -> Steps[Signal | None]:
        chosen = operators.truth(self.world, (yield from self.evaluate_tail(node.test, frame)))
        return (yield from self.block(node.body if chosen else node.orelse, frame))

    def _assign(self, node: ast.Assign | ast.AnnAssign, frame: Frame) -> Steps[None]:
        if node.value is None:
            return
        found = yield from self.evaluate_tail(node.value, frame)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from self.assign(target, look(found), frame)

    def _simple(self, node: ast.stmt, frame: Frame) -> Steps[Signal | None]:
        match node:
            case ast.Pass() | ast.Global() | ast.Nonlocal():
                pass
            case ast.Break():
                return BREAK
            case ast.Continue():
                return CONTINUE
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if node.decorator_list:
                    raise Refused("ML401", "a decorated local function is not interpreted", node)
                self.bind(node.name, (yield from self.make_function(node, frame)), frame, node)
            case ast.Assert(test=test, msg=message):
                if not operators.truth(self.world, (yield from self.evaluate_tail(test, frame))):
                    said = () if message is None else ((yield from self.evaluate(message, frame)),)
                    raise Thrown(ExceptionObject("AssertionError", said))
            case ast.Delete(targets=targets):
                for target in targets:
                    yield from self.delete(target, frame)
            case _:
                raise Refused("ML401", f"{type(node).__name__} is not interpreted", node)
        return None

    def _raise(self, node: ast.Raise, frame: Frame) -> Steps[None]:
        if node.exc is None:
            if not self.handling:
                raise thrown("RuntimeError", "No active exception to reraise")
            raise Thrown(self.handling[-1])
        if isinstance(node.exc, ast.Call):
            error = look((yield from self.evaluate_call(node.exc, frame, builds=True)))
        else:
            error = look((yield from self.evaluate(node.exc, frame)))
        error = yield from self._instance(error, node)
        if node.cause is not None:
            error = self._caused(error, (yield from self.evaluate(node.cause, frame)), node)
        raise Thrown(error)

    def _instance(self, error: Value, node: ast.Raise) -> Steps[Value]:
        match error:
            case Root(space="builtin", name=name) if self.is_exception_class(error):
                return ExceptionObject(name, ())
            case Root(space="import" | "global"):
                return (yield from self.call_outside(error, Arguments(), node, builds=True))
            case Term() | ExceptionObject():
                return error
            case _:
                raise thrown("TypeError", "exceptions must derive from BaseException")

    def _caused(self, error: Value, cause: Value, node: ast.Raise) -> Value:
        if isinstance(error, ExceptionObject):
            error.cause = cause
            return error
        if isinstance(error, Term):
            self.causes[error] = cause
            return error
        raise Refused("ML401", "this raise is not interpreted", node)

    def _try(self, node: ast.Try, frame: Frame) -> Steps[Signal | None]:
        if not node.finalbody:
            return (yield from self._guarded(node, frame))
        signal: Signal | None = None
        error: Thrown | None = None
        try:
            with self.within(f"try {node.lineno}", lambda: ()):
                signal = yield from self._guarded(node, frame)
        except Thrown as caught:
            error = caught
        with self.within(f"finally {node.lineno}", lambda: (signal, error.value if error else None)):
            final = yield from self._finally(node, frame, error)
        if final is not None:
            return final
        if error is not None:
            raise error
        return signal

    def _finally(self, node: ast.Try, frame: Frame, error: Thrown | None) -> Steps[Signal | None]:
        if error is None:
            return (yield from self.block(node.finalbody, frame))
        with self.handled(error.value):
            return (yield from self.block(node.finalbody, frame))

    def _guarded(self, node: ast.Try, frame: Frame) -> Steps[Signal | None]:
        error: Value | None = None
        signal: Signal | None = None
        try:
            with self.within(f"try {node.lineno}", lambda: ()):
                signal = yield from self.block(node.body, frame)
        except Thrown as caught:
            error = caught.value
        if error is not None:
            return (yield from self._handle(node, error, frame))
        if signal is not None:
            return signal
        with self.within(f"else {node.lineno}", lambda: ()):
            return (yield from self.block(node.orelse, frame))

    def _handle(self, node: ast.Try, error: Value, frame: Frame) -> Steps[Signal | None]:
        with self.handled(error), self.within(f"caught {node.lineno}", lambda: ()):
            yield Mark(MarkKind.CAUGHT, node, frame)
        for handler in node.handlers:
            with self.handled(error):
                if not (yield from self._catches(handler, error, frame)):
                    continue
                return (yield from self._handler(handler, error, frame))
        raise Thrown(error)

    def _catches(self, handler: ast.ExceptHandler, error: Value, frame: Frame) -> Steps[bool]:
        if handler.type is None:
            return True
        found = yield from self.evaluate(handler.type, frame)
        return self.is_instance(error, found, handler)

    def _handler(self, handler: ast.ExceptHandler, error: Value, frame: Frame) -> Steps[Signal | None]:
        if handler.name is not None:
            self.bind(handler.name, error, frame, handler)
        place = (handler.lineno, handler.col_offset)
        try:
            with self.within("handler", lambda: (place, error)):
                return (yield from self.block(handler.body, frame))
        finally:
            if handler.name is not None:
                self.drop(handler.name, frame)

    def drop(self, name: str, frame: Frame) -> None:
        """Unbind the name of an except clause, if it is still bound."""
        try:
            unbind(name, frame)
        except Thrown:
            return

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> Steps[Signal | None]:
        source = yield from self.evaluate_tail(node.iter, frame)
        if isinstance(source, LoopValue):
            return (yield from source.loop(self, node, frame))
        iterator = yield from self.begin(source, node.iter, asynchronous=isinstance(node, ast.AsyncFor))
        with self.within(f"for {node.lineno}.{node.col_offset}", lambda: (iterator.state(), frame)):
            while True:
                yield Mark(MarkKind.LOOP, node, frame)
                self.tick(node)
                item = yield from self.next_item(iterator, node)
                if item is EXHAUSTED:
                    break
                yield from self.assign(node.target, item, frame)
                signal = yield from self.block(node.body, frame)
                if signal is BREAK:
                    return None
                if signal is not None and signal is not CONTINUE:
                    return signal
        return (yield from self.block(node.orelse, frame))

    def _while(self, node: ast.While, frame: Frame) -> Steps[Signal | None]:
        with self.within(f"while {node.lineno}.{node.col_offset}", lambda: (frame,)):
            while True:
                yield Mark(MarkKind.LOOP, node, frame)
                self.tick(node)
                if not operators.truth(self.world, (yield from self.evaluate_tail(node.test, frame))):
                    break
                signal = yield from self.block(node.body, frame)
                if signal is BREAK:
                    return None
                if signal is not None and signal is not CONTINUE:
                    return signal
        return (yield from self.block(node.orelse, frame))
