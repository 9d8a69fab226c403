# ruff: noqa: PLR0911 - a dispatch by match answers in each case
"""A run of a generated program under CPython, with stand-ins that play the same script, as the same trace."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest import mock

from tests.codemods.prove.scripts import CLASSES, Broken, Script, Worse

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Executed", "compiles"]


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
