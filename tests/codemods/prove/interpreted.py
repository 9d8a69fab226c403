# ruff: noqa: PLR0911 - a dispatch by match answers in each case
"""A run of a generated program in the interpreter: its effects, answered by a script, as a trace."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hypothesis import assume
from mulligan_codemods.prove.machine.core import Signal, look
from mulligan_codemods.prove.machine.interpreter import Policies
from mulligan_codemods.prove.machine.iteration import EXHAUSTED
from mulligan_codemods.prove.machine.start import prepare, start
from mulligan_codemods.prove.texts.region import Region
from mulligan_codemods.prove.texts.scopes import read_module
from mulligan_codemods.prove.values.effects import Effect, EffectKind, Mark, Refused, Thrown
from mulligan_codemods.prove.values.terms import (
    NONE,
    Constant,
    DictObject,
    Error,
    ExceptionObject,
    Fresh,
    ListObject,
    Operation,
    Result,
    Root,
    SetObject,
    TupleValue,
    Value,
)
from mulligan_codemods.prove.worlds.world import Key, World

from tests.codemods.prove.scripts import CLASSES, Script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Interpreted"]

T = TypeVar("T")
LIMIT = 60


class ScriptedWorld(World):
    """A world whose answers stand in a script."""

    script: Script

    def choose(self, key: Key, options: Sequence[T]) -> T:
        answer = self.scripted(key)
        return next(option for option in options if option == answer)

    def scripted(self, key: Key) -> object:
        """Return the script's answer to a question."""
        match key.question, key.subject:
            case "instance", (Error(origin=int(number)), frozenset() as atoms):
                error = CLASSES[self.script.error(number) or "Broken"]
                return any(issubclass(error, CLASSES[atom.name]) for atom in atoms if isinstance(atom, Root))
            case "covers", (Root(name=name), str(kind)):
                return issubclass(CLASSES.get(kind, ArithmeticError), CLASSES[name])
            case "truth", (Result(effect=number),):
                return self.script.truth(number)
            case "truth", (Fresh(),):
                return True
            case (("none" | "fails" | "interrupted" | "identical"), _):
                return False
            case _:
                raise Refused("ML401", f"nothing is scripted for {key}")


@dataclass
class Interpreted:
    """A run in the interpreter."""

    script: Script
    trace: list[str] = field(default_factory=list[str])
    effects: int = 0

    def run(self, text: str) -> list[str]:
        """Run the function `work` and return its trace."""
        module = read_module(text)
        function = module.tree.body[-1]
        assert isinstance(function, ast.FunctionDef)
        region = Region(function.body, function.body, function, function, (), frozenset(), tail=True)
        world = ScriptedWorld((), frozenset())
        world.script = self.script
        started = start(world, prepare(region, module, is_new=False), Policies({}))
        self.follow(partial(next, started.steps), started.steps.send, started.steps.throw)
        return self.trace

    def follow(
        self,
        begin: Callable[[], Effect | Mark],
        send: Callable[[Value], Effect | Mark],
        throw: Callable[[Thrown], Effect | Mark],
    ) -> None:
        """Answer each effect until the end."""
        resume: Callable[[], Effect | Mark] = begin
        while True:
            try:
                item = resume()
            except StopIteration as stop:
                self.ended(stop.value)
                return
            except Thrown as error:
                self.trace.append(f"raises {self.shown(error.value)}")
                return
            answer = NONE if isinstance(item, Mark) else self.answer(item)
            resume = partial(throw, answer) if isinstance(answer, Thrown) else partial(send, answer)

    def ended(self, signal: Signal | None) -> None:
        """Note how it ended."""
        self.trace.append(f"returns {self.shown(signal.value if signal and signal.value else NONE)}")

    def answer(self, effect: Effect) -> Value | Thrown:
        """Do one effect."""
        assume(self.effects < LIMIT)
        operands = ", ".join(
            f"{label}={self.shown(value)}" if label else self.shown(value) for label, value in effect.operands
        )
        if effect.kind is EffectKind.SLEEP:
            self.trace.append(f"sleeps {operands}")
            return NONE
        self.effects += 1
        handled = self.shown(effect.handled) if effect.handled is not None else "nothing"
        if effect.kind is EffectKind.CALL:
            self.trace.append(f"calls {getattr(effect.subject, 'name', '?')}({operands}) handling {handled}")
        else:
            self.trace.append(str(effect.kind))
        error = self.script.error(self.effects)
        if error is not None:
            return Thrown(Error(self.effects))
        return EXHAUSTED if effect.kind is EffectKind.NEXT else Result(self.effects)

    def shown(self, value: Value) -> str:
        """Return a value as CPython's side shows it."""
        match look(value):
            case Constant(value=found):
                return repr(found)
            case Result(effect=number):
                return f"R{number}"
            case Error(origin=number):
                return f"E{number}"
            case ExceptionObject(kind=kind, cause=cause):
                return kind + (f" from {self.shown(cause)}" if cause is not None and cause != NONE else "")
            case TupleValue(items=items):
                return f"({', '.join(map(self.shown, items))})"
            case ListObject(items=items) | SetObject(items=items):
                return f"[{', '.join(map(self.shown, items))}]"
            case DictObject(pairs=pairs):
                return "{" + ", ".join(f"{self.shown(key)}: {self.shown(item)}" for key, item in pairs if key) + "}"
            case Operation(operator="f-string", operands=parts):
                return repr("".join(self.text(part) for part in parts))
            case Fresh():
                return "object"
            case _:
                return "something"

    def text(self, part: Value) -> str:
        """Return a piece of an f-string."""
        match part:
            case Constant(value=found):
                return str(found)
            case Operation(operands=(inner, *_)):
                return self.shown(inner)
            case _:
                return self.shown(part)
