# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""Calls: of interpreted functions, of known builtins, of mulligan, and of everything outside.

Rules: arguments are bound as Python binds them; a coroutine runs when it is awaited; a function handed outside is
compared by its text and the values it captured.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.builtin_calls import call_builtin, call_method
from mulligan_codemods.prove.machine.core import Arguments, Signal, look, thrown
from mulligan_codemods.prove.machine.expressions import Expressions
from mulligan_codemods.prove.runtime.base import Callable_
from mulligan_codemods.prove.runtime.public import public_function
from mulligan_codemods.prove.texts.scopes import scope_of
from mulligan_codemods.prove.values.effects import EffectKind, Refused, Steps
from mulligan_codemods.prove.values.exceptions import builtin_class, class_atom, derives, is_class_name
from mulligan_codemods.prove.values.functions import BoundMethod, CoroutineObject, Frame, FunctionObject
from mulligan_codemods.prove.values.terms import (
    NONE,
    Constant,
    DictObject,
    ExceptionObject,
    Root,
    Term,
    TupleValue,
    Value,
    constant,
    stable_path,
)
from mulligan_codemods.prove.worlds.world import Key

__all__ = ["Calls"]

_SLEEPS = {"time.sleep": False, "asyncio.sleep": True}
_NEVER_COVERED = frozenset(
    {"KeyboardInterrupt", "asyncio.CancelledError", "SystemExit", "GeneratorExit", "AttributeError"}
)
"""Classes of Python that no class of anyone else is a base of, nor another name for."""
_CLOCKS = frozenset({"time.time", "time.monotonic", "time.perf_counter"})
_RANDOM = frozenset({"random.uniform", "random.random"})
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class SleepValue(Value):
    """A call of `asyncio.sleep` that was not awaited yet."""

    seconds: Value


@dataclass(eq=False)
class Calls(Expressions):
    """The part of the interpreter that calls."""

    causes: dict[Value, Value] = field(default_factory=dict[Value, Value])
    draws: int = 0

    def call(self, callee: Value, arguments: Arguments, node: ast.AST, *, builds: bool = False) -> Steps[Value]:
        """Call a value."""
        callee = look(callee)
        match callee:
            case Term():
                return self._call_term(callee, arguments, node, builds=builds)
            case FunctionObject():
                return self.call_function(callee, arguments, node)
            case Callable_():
                return callee.call(self, arguments, node)
            case BoundMethod():
                return call_method(self, callee, arguments, node)
            case _:
                raise thrown("TypeError", "not callable")

    def _call_term(self, callee: Term, arguments: Arguments, node: ast.AST, *, builds: bool) -> Steps[Value]:
        path = stable_path(callee)
        found = None if path is None else (yield from self._call_known(path, callee, arguments, node))
        if found is not None:
            return found
        return (yield from self.call_outside(callee, arguments, node, builds=builds))

    def _call_known(self, path: str, callee: Term, arguments: Arguments, node: ast.AST) -> Steps[Value | None]:
        """Call what an import or a builtin is known to be; `None` where it is an effect like any outside call."""
        known = public_function(path)
        if known is not None:
            return (yield from known.call(self, arguments, node))
        if isinstance(callee, Root) and callee.space == "builtin":
            if self.is_exception_class(callee) and arguments.plain and not arguments.keywords:
                return ExceptionObject(callee.name, tuple(arguments.positional))
            return (yield from call_builtin(self, callee.name, arguments, node))
        if path in _SLEEPS and arguments.plain:
            return (yield from self._sleep_call(path, arguments, node))
        if path in _CLOCKS and not arguments.operands:
            return constant(self.world.now)
        if path in _RANDOM and arguments.plain and not arguments.keywords:
            return self._random(path, arguments.positional)
        return None

    def _random(self, path: str, bounds: list[Value]) -> Value:
        """Draw as the runtime draws: the n-th draw of the code is that of the n-th retry."""
        self.draws += 1
        drawn = constant(self.world.draw(self.draws))
        if path == "random.random" and not bounds:
            return drawn
        if path != "random.uniform" or len(bounds) != 2:
            raise thrown("TypeError", "wrong number of arguments")
        least, greatest = bounds
        width = operators.arithmetic(self.world, ast.Sub(), greatest, least)
        return operators.arithmetic(
            self.world, ast.Add(), least, operators.arithmetic(self.world, ast.Mult(), width, drawn)
        )

    def _sleep_call(self, path: str, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        positional, keywords = arguments.positional, arguments.keywords
        if len(positional) == 1 and not keywords:
            if _SLEEPS[path]:
                return SleepValue(positional[0])
            yield from self.sleep(positional[0], node, asynchronous=False)
            return NONE
        raise Refused("ML401", "this call of sleep is not interpreted", node)

    def sleep(self, seconds: Value, node: ast.AST | None, *, asynchronous: bool) -> Steps[None]:
        """Sleep: an effect. A synchronous sleep of 0 s is none; a negative one is Python's ValueError."""
        length = operators.number_of(self.world, seconds, count=False)
        if not asynchronous and length < 0:
            raise thrown("ValueError", "sleep length must be non-negative")
        if not asynchronous and length == 0:
            return
        seconds = constant(max(length, 0))
        kind = EffectKind.ASYNC_SLEEP if asynchronous else EffectKind.SLEEP
        yield from self.effect(kind, NONE, ("", seconds), node=node)

    def call_function(self, function: FunctionObject, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Call an interpreted function; a coroutine function only makes a coroutine."""
        if isinstance(function.node, ast.AsyncFunctionDef):
            self.bind_arguments(function, arguments, node)
            return CoroutineObject(function, arguments.operands)
        return (yield from self.run_function(function, arguments, node))

    def run_function(self, function: FunctionObject, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Run a function's body."""
        frame = self.bind_arguments(function, arguments, node)
        if len(self.contexts) > _DEPTH:
            raise Refused("ML404", "calls nest too deeply", node)
        where = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        with self.within("call", lambda: (where, frame)):
            if isinstance(function.node, ast.Lambda):
                return look((yield from self.evaluate_tail(function.node.body, frame)))
            return self.returned((yield from self.block(function.node.body, frame)), node)

    def returned(self, signal: Signal | None, node: ast.AST) -> Value:
        """Return what a function's body answered."""
        if signal is None:
            return NONE
        if signal.kind != "return":
            raise Refused("ML401", f"{signal.kind} outside a loop", node)
        return signal.value or NONE

    def bind_arguments(self, function: FunctionObject, arguments: Arguments, node: ast.AST) -> Frame:
        """Bind arguments to parameters.

        Raises:
            Thrown: TypeError where they don't fit.
        """
        if not arguments.plain:
            raise Refused("ML401", "an opaque splat into a local function is not interpreted", node)
        variables = _bound(function, arguments)
        scope = scope_of(function.node)
        asynchronous = isinstance(function.node, ast.AsyncFunctionDef)
        return Frame(scope, function.frame.module, function.frame, variables, asynchronous=asynchronous)

    def await_value(self, value: Value, node: ast.AST) -> Steps[Value]:
        """Await a value: a coroutine runs, a sleep sleeps, anything opaque is an effect."""
        value = look(value)
        match value:
            case SleepValue(seconds=seconds):
                yield from self.sleep(seconds, node, asynchronous=True)
                return NONE
            case CoroutineObject(function=FunctionObject() as function, operands=operands):
                if value.awaited:
                    raise thrown("RuntimeError", "cannot reuse already awaited coroutine")
                value.awaited = True
                return (yield from self.run_function(function, Arguments(operands), node))
            case Callable_():
                return (yield from value.awaited(self, node))
            case Term():
                return (yield from self.effect(EffectKind.AWAIT, value, node=node))
            case _:
                raise thrown("TypeError", "object can't be awaited")

    def is_exception_class(self, value: Value) -> bool:
        """Tell whether a value is a builtin exception class."""
        return isinstance(value, Root) and value.space == "builtin" and builtin_class(value.name) is not None

    def is_instance(self, error: Value, classes: Value, node: ast.AST) -> bool:
        """Tell whether an exception is an instance of a class or of one of a tuple of classes."""
        return self.instance_of(error, frozenset(class_atom(atom) for atom in self.atoms(classes, node)))

    def atoms(self, classes: Value, node: ast.AST) -> list[Value]:
        """Return the classes that an except clause or isinstance names."""
        match look(classes):
            case TupleValue(items=items):
                return [atom for item in items for atom in self.atoms(item, node)]
            case Term() as term:
                return [term]
            case _:
                raise Refused("ML401", "this class is not interpreted", node)

    def instance_of(self, error: Value, atoms: frozenset[Value]) -> bool:
        """Tell whether a value is an instance of one of these classes."""
        match error:
            case ExceptionObject(kind=kind):
                return any(self._covers(atom, kind) for atom in sorted(atoms, key=repr))
            case Term():
                return self.world.matches(error, atoms)
            case Constant(kind=kind):
                return any(isinstance(atom, Root) and atom.name in {kind, "object"} for atom in atoms)
            case TupleValue():
                return Root("builtin", "tuple") in atoms
            case _:
                raise Refused("ML401", "isinstance of this value is not interpreted")

    def _covers(self, atom: Value, kind: str) -> bool:
        known = derives(Root("builtin", kind), atom)
        if known is not None:
            return known
        if kind in _NEVER_COVERED and is_class_name(atom):
            return False
        return self.world.choose(Key("covers", (atom, kind)), (False, True))


def _bound(function: FunctionObject, arguments: Arguments) -> dict[str, Value]:
    spec = function.node.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    positional, keywords = arguments.positional, arguments.keywords
    variables: dict[str, Value] = dict(zip(names, positional, strict=False))
    if spec.vararg is not None:
        variables[spec.vararg.arg] = TupleValue(tuple(positional[len(names) :]))
    elif len(positional) > len(names):
        raise thrown("TypeError", "too many positional arguments")
    allowed = {argument.arg for argument in (*spec.args, *spec.kwonlyargs)}
    extra = DictObject([])
    for name, value in keywords.items():
        if name in allowed and name not in variables:
            variables[name] = value
        elif spec.kwarg is not None and name not in allowed:
            extra.pairs.append((constant(name), value))
        else:
            raise thrown("TypeError", f"unexpected argument {name}")
    if spec.kwarg is not None:
        variables[spec.kwarg.arg] = extra
    variables.update(function.splats)
    _defaults(function, names, variables)
    return variables


def _defaults(function: FunctionObject, names: list[str], variables: dict[str, Value]) -> None:
    for name, default in zip(reversed(names), reversed(function.defaults), strict=False):
        variables.setdefault(name, default)
    for name, default in function.keyword_defaults.items():
        variables.setdefault(name, default)
    for name in (*names, *(argument.arg for argument in function.node.args.kwonlyargs)):
        if name not in variables:
            raise thrown("TypeError", f"missing argument {name}")
