# ruff: noqa: N818, PLR0911 - the errors of a generated outside; a dispatch by match answers in each case
"""CPython is the oracle: generated programs do the same in the interpreter as under `exec`, with the same stand-ins."""

from __future__ import annotations

import ast
import sys
import warnings
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from unittest import mock

from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
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

from tests.codemods.prove.generated import programs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
LIMIT = 60


class Broken(Exception):
    """An error of the outside."""


class Worse(Broken):
    """A narrower one."""


CLASSES: dict[str, type[BaseException]] = {
    "Broken": Broken,
    "Worse": Worse,
    "OSError": OSError,
    "TimeoutError": TimeoutError,
    "ValueError": ValueError,
    "KeyboardInterrupt": KeyboardInterrupt,
    "Exception": Exception,
    "BaseException": BaseException,
}


@dataclass(frozen=True)
class Script:
    """What the outside does: for each effect a class to raise, or None; and whether its result is true."""

    raises: tuple[str | None, ...]
    truths: tuple[bool, ...]

    def error(self, number: int) -> str | None:
        """Return the class that an effect raises."""
        return self.raises[number % len(self.raises)]

    def truth(self, number: int) -> bool:
        """Return the truth of a result."""
        return self.truths[number % len(self.truths)]


scripts = st.builds(
    Script,
    st.lists(
        st.sampled_from([None, None, None, "Broken", "Worse", "OSError", "TimeoutError", "KeyboardInterrupt"]),
        min_size=1,
        max_size=6,
    ).map(tuple),
    st.lists(st.booleans(), min_size=1, max_size=5).map(tuple),
)


class ScriptedWorld(World):
    """A world whose answers stand in a script."""

    script: Script

    def choose(self, key: Key, options: Sequence[T], say: Callable[[T], str] = repr) -> T:
        del say
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


class Token:
    """What an outside call answers in CPython."""

    def __init__(self, run: Executed, number: int, *, is_true: bool) -> None:
        self.run = run
        self.number = number
        self.is_true = is_true

    def __enter__(self) -> object:
        return self.run.done("enter")

    def __exit__(self, *_: object) -> object:
        return self.run.done("exit")

    def __bool__(self) -> bool:
        return self.is_true

    def __repr__(self) -> str:
        return f"R{self.number}"


@dataclass
class Executed:
    """A run in CPython."""

    script: Script
    trace: list[str] = field(default_factory=list[str])
    errors: dict[int, str] = field(default_factory=dict[int, str])
    kept: list[object] = field(default_factory=list[object])
    effects: int = 0

    def run(self, text: str) -> list[str]:
        """Run the function `work` and return its trace."""
        names: dict[str, object] = {"Broken": Broken, "Worse": Worse}
        for name in ("op", "other"):
            names[name] = self.standing_in(name)
        with mock.patch("time.sleep", self.slept):
            with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
                code = compile(text, "generated", "exec")
            exec(code, names)  # noqa: S102  # generated here, nothing of it is scanned
            work = names["work"]
            assert callable(work)
            try:
                self.trace.append(f"returns {self.shown(work())}")
            except BaseException as error:
                self.trace.append(f"raises {self.shown(error)}")
        return self.trace

    def slept(self, seconds: float) -> None:
        """Note a sleep."""
        self.trace.append(f"sleeps {seconds!r}")

    def standing_in(self, name: str) -> Callable[..., object]:
        """Return an outside function."""

        def outside(*args: object, **kwargs: object) -> object:
            operands = [*map(self.shown, args), *(f"{key}={self.shown(value)}" for key, value in kwargs.items())]
            handled = sys.exc_info()[1]
            shown = "nothing" if handled is None else self.shown(handled)
            for value in (*args, *kwargs.values()):
                self.give(value)
            return self.done(f"calls {name}({', '.join(operands)}) handling {shown}")

        return outside

    def give(self, value: object) -> None:
        """Note what was handed outside; it is not looked into again."""
        if isinstance(value, list | dict | set):
            self.kept.append(value)  # pyright: ignore[reportUnknownArgumentType]  # of any items
        if isinstance(value, list | tuple):
            items: list[object] = [*value]  # pyright: ignore[reportUnknownArgumentType]  # of any items
            for item in items:
                self.give(item)

    def done(self, said: str) -> object:
        """Do one effect."""
        self.trace.append(said)
        self.effects += 1
        error = self.script.error(self.effects)
        if error is None:
            return Token(self, self.effects, is_true=self.script.truth(self.effects))
        raised = CLASSES[error]()
        self.errors[id(raised)] = f"E{self.effects}"
        self.kept.append(raised)
        raise raised

    def shown(self, value: object) -> str:
        """Return a value as the interpreter's side shows it."""
        if any(value is kept for kept in self.kept) and not isinstance(value, BaseException):
            return "object"
        match value:
            case BaseException() if id(value) in self.errors:
                return self.errors[id(value)]
            case BaseException():
                cause = value.__cause__
                return type(value).__name__ + (f" from {self.shown(cause)}" if cause is not None else "")
            case tuple() | list() | set():
                items: list[object] = [*value]  # pyright: ignore[reportUnknownArgumentType]  # of any items
                shown = ", ".join(map(self.shown, items))
                return f"({shown})" if isinstance(value, tuple) else f"[{shown}]"
            case dict():
                pairs: dict[object, object] = {**value}
                return "{" + ", ".join(f"{self.shown(key)}: {self.shown(item)}" for key, item in pairs.items()) + "}"
            case None | bool() | int() | float() | str() | Token():
                return repr(value)
            case _:
                return "something"


def compiles(text: str) -> bool:
    """Tell whether CPython takes a text at all."""
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            compile(text, "generated", "exec")
    except SyntaxError:
        return False
    return True


@settings(max_examples=300)
@given(program=programs(), script=scripts)
@example(program="def work():\n    raise ValueError('x') from None\n", script=Script((None,), (True,)))
def test_the_interpreter_does_what_cpython_does(program: str, script: Script) -> None:
    text = "import time\nc = 7\n" + program
    assume(compiles(text))
    try:
        interpreted = Interpreted(script).run(text)
    except Refused:
        event("refused")  # is always allowed
        return

    assert interpreted == Executed(script).run(text), text
