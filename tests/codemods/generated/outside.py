"""The stand-in of all that is foreign: its calls follow a fault script and are noted.

Rules: nothing sleeps; time moves by sleeps and by the durations of the script. What is noted doesn't depend on
addresses, so that the traces of two runs compare.
"""

from __future__ import annotations

import asyncio
import types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.codemods.generated.faults import FAMILIES, Fails, Returns, Script

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CALLS", "Outside", "Stage", "TheEnd", "Thing", "Trace", "show"]

CALLS = 25
"""After so many calls all that follow succeed, and a little later none does."""

Trace = list[tuple[object, ...]]


class TheEnd(BaseException):
    """Ends a run that would go on for ever."""


@dataclass(slots=True)
class Stage:
    """One run under way."""

    script: Script
    trace: Trace = field(default_factory=list[tuple[object, ...]])
    now: float = 1000.0
    calls: int = 0
    begun: int = 0
    classes: dict[str, type[BaseException]] = field(default_factory=dict[str, type[BaseException]])
    errors: dict[str, BaseException] = field(default_factory=dict[str, BaseException])
    instances: list[object] = field(default_factory=list[object])

    def begin(self) -> None:
        """Count a coroutine that may never be awaited, so that loops around it end too."""
        self.begun += 1
        if self.begun > 4 * CALLS:
            raise TheEnd

    def call(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Note a call, let its time pass, and do what the script says."""
        self.trace.append(("call", name, *map(show, args), *(f"{key}={show(kwargs[key])}" for key in sorted(kwargs))))
        self.calls += 1
        if self.calls > 3 * CALLS:
            raise TheEnd
        self.now += self.script.duration(self.calls)
        for change in self.script.changes:
            if change.call == self.calls:
                for instance in self.instances:
                    setattr(instance, change.attribute, change.value)
        outcome = Returns() if self.calls > CALLS else self.script.outcome(self.calls)
        if isinstance(outcome, Fails):
            raise self.error(outcome)
        return self.value(name, outcome)

    def error(self, outcome: Fails) -> BaseException:
        """Make the error of a call, or take the one that was made before."""
        made = self.errors.get(outcome.name) if self.script.same_error else None
        if made is None:
            made = self.kind(outcome.name)(outcome.code, f"fault {self.calls}")
            for name in ("code", "status"):
                setattr(made, name, outcome.code)
            self.errors[outcome.name] = made
        return made

    def kind(self, name: str) -> type[BaseException]:
        """Answer the class of a name, made where it is foreign."""
        if name not in self.classes:
            self.classes[name] = self._made(name)
        return self.classes[name]

    def _made(self, name: str) -> type[BaseException]:
        known = {"CancelledError": asyncio.CancelledError}
        builtin = known.get(name) or getattr(__import__("builtins"), name, None)
        if isinstance(builtin, type) and issubclass(builtin, BaseException):
            return builtin
        base = "BaseException" if name == "Fatal" else FAMILIES[self.script.family].get(name, "Exception")
        return type(name, (self.kind(base),), {})

    def value(self, name: str, outcome: Returns) -> object:
        """Make the value that a call returns."""
        if name.rsplit(".", 1)[-1].startswith("is_"):
            return outcome.value == "thing"
        values: dict[str, object] = {"none": None, "false": False, "zero": 0, "empty": "", "again": 503}
        return values.get(outcome.value, Thing(self, f"{name}#{self.calls}"))

    def clock(self) -> float:
        """Answer the time."""
        return self.now

    def random(self, *_: int) -> float:
        """Answer where every random draw falls."""
        return self.script.draw

    def uniform(self, low: float, high: float) -> float:
        """Answer a random number, as `random.uniform` does."""
        return low + self.script.draw * (high - low)

    def sleep(self, seconds: float) -> None:
        """Note a sleep of a thread.

        Raises:
            ValueError: as `time.sleep` does.
        """
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.trace.append(("sleep", round(float(seconds), 9)))
        self.now += seconds
        if len(self.trace) > 40 * CALLS:
            raise TheEnd

    async def sleep_async(self, seconds: float, result: object = None) -> object:
        """Note a sleep of a task."""
        self.trace.append(("async sleep", round(float(seconds), 9)))
        self.now += max(0.0, seconds)
        if len(self.trace) > 40 * CALLS:
            raise TheEnd
        return result


def show(value: object) -> str:
    """Describe a value without addresses; errors with their class, arguments and cause."""
    if isinstance(value, BaseException):
        cause = "" if value.__cause__ is None else f" from {show(value.__cause__)}"
        return f"{type(value).__name__}{tuple(map(show, value.args))}{cause}"
    if isinstance(value, float):
        return repr(round(value, 9))
    return repr(value)


class Thing:
    """A foreign object: its attributes are things, its calls follow the script."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.__dict__.update(_stage=stage, _name=name)
        self._stage: Stage
        self._name: str

    def __repr__(self) -> str:
        return f"<{self._name}>"

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in {"status", "code"}:
            outcome = self._stage.script.outcome(len(self._name))
            return outcome.code if isinstance(outcome, Fails) else 200
        return Thing(self._stage, f"{self._name}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        if name not in {"_stage", "_name"}:
            self._stage.trace.append(("set", self._name, name, show(value)))
            self.__dict__[name] = value

    def __call__(self, *args: object, **kwargs: object) -> object:
        if self._name.endswith("_async"):
            self._stage.begin()
            return self._later(args, kwargs)
        return self._stage.call(self._name, args, kwargs)

    async def _later(self, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        return self._stage.call(self._name, args, kwargs)

    def __iter__(self) -> Iterator[object]:
        return iter((Thing(self._stage, f"{self._name}:1"), Thing(self._stage, f"{self._name}:2")))

    def __enter__(self) -> object:
        self._stage.trace.append(("enter", self._name))
        return self

    def __exit__(self, *reason: object) -> None:
        self._stage.trace.append(("exit", self._name, show(reason[1])))

    async def __aenter__(self) -> object:
        self._stage.trace.append(("enter", self._name))
        return self

    async def __aexit__(self, *reason: object) -> None:
        self._stage.trace.append(("exit", self._name, show(reason[1])))


class Outside(types.ModuleType):
    """The module that all that is foreign comes from."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("outside")
        self._stage = stage

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "Base":
            return base_class(self._stage)
        if name[0].isupper():
            return self._stage.kind(name)
        return Thing(self._stage, name)


def base_class(stage: Stage) -> type:
    """Make the class that `Client` derives from: its methods are foreign."""

    def foreign(instance: object, name: str) -> object:
        if name.startswith(("__", "_mulligan")):
            raise AttributeError(name)
        return Thing(stage, f"self.{name}")

    def named(_: object) -> str:
        return "<self>"

    return type("Base", (), {"__getattr__": foreign, "__repr__": named})
