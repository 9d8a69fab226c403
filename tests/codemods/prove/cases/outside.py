"""A stand-in for all that is foreign to a case: a module whose objects do what a script says.

Rules: each call takes the next entry of the script and leaves a line in the trace; log lines are noted with the error
being handled. Time is the stage's.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

__all__ = ["Broken", "Fault", "Other", "Outside", "Script", "Stage", "Timeout", "Trace", "show"]

LIMIT = 700
"""How many calls a run may make."""


class Broken(Exception):  # noqa: N818 - the name that cases use
    """What most cases retry."""


class Timeout(Broken):
    """A subclass of what most cases retry."""


class Other(Exception):  # noqa: N818 - the name that cases use
    """What most cases don't retry."""


class TheEnd(BaseException):
    """Ends a run that would go on for ever."""


Fault: TypeAlias = "type[BaseException] | None"
Trace: TypeAlias = "list[tuple[str | float, ...]]"


@dataclass(frozen=True, slots=True)
class Script:
    """What the calls do, one entry each; then the last one repeats, or all `again`. Each takes `seconds`."""

    faults: tuple[Fault, ...]
    seconds: float = 0.0
    again: bool = False

    def fault(self, number: int) -> Fault:
        """Return what the call of this number does, from 1."""
        place = (number - 1) % len(self.faults) if self.again else min(number, len(self.faults)) - 1
        return self.faults[place]


@dataclass(slots=True)
class Stage:
    """One run under way."""

    script: Script
    trace: Trace = field(default_factory=list[tuple[str | float, ...]])
    now: float = 100.0
    calls: int = 0

    def call(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> int:
        """Note a call and raise what the script says; answer its number."""
        self.trace.append(("call", name, *map(show, args), *(f"{key}={show(kwargs[key])}" for key in kwargs)))
        self.calls += 1
        if self.calls > LIMIT:
            raise TheEnd
        self.now += self.script.seconds
        fault = self.script.fault(self.calls)
        if fault is not None:
            self.fail(fault)
        return self.calls

    def fail(self, fault: type[BaseException]) -> None:
        """Note a failure and raise it."""
        self.trace.append(("failed",))
        raise fault(f"fault {self.calls}")

    def log(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> None:
        """Note a log line and the error that is being handled."""
        self.trace.append(("log", name, show(sys.exc_info()[1]), *map(show, args), show(kwargs)))

    def sleep(self, seconds: float) -> None:
        """Note a sleep of a thread."""
        if seconds != 0:
            self.trace.append(("sleep", float(seconds)))
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Note a sleep of a task."""
        self.trace.append(("async sleep", float(seconds)))
        self.now += seconds

    def time(self) -> float:
        """Answer the instant."""
        return self.now


def show(value: object) -> str:
    """Describe a value; errors by their type and text, so that identity shows."""
    if isinstance(value, BaseException):
        return f"{type(value).__name__}({value.args})"
    return repr(round(value, 9) if isinstance(value, float) else value)


class Thing:
    """A foreign object: its attributes and items are others, its calls do what the script says."""

    _stage: Stage
    _path: str

    def __init__(self, stage: Stage, path: str) -> None:
        self.__dict__.update(_stage=stage, _path=path)

    def __repr__(self) -> str:
        return f"<{self._path}>"

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path}.{name}"
        return _NUMBERS.get(path) or Thing(self._stage, path)

    def __setattr__(self, name: str, value: object) -> None:
        self._stage.trace.append(("set", self._path, name, show(value)))
        self.__dict__[name] = value

    def __getitem__(self, key: object) -> Thing:
        return Thing(self._stage, f"{self._path}[{key!r}]")

    def __call__(self, *args: object, **kwargs: object) -> object:
        if self._path.startswith("log."):
            self._stage.log(self._path, args, kwargs)
            return None
        if any(part.startswith("async_") for part in self._path.split(".")) and not _is_context(self._path):
            return self._later(args, kwargs)
        return self._answer(self._stage.call(self._path, args, kwargs), args)

    def _answer(self, number: int, args: tuple[object, ...]) -> object:
        match self._path.split(".")[-1]:
            case "get" if self._path == "config.get":
                return 3 if args == ("retries",) else 0.5
            case "find" if number % 5 and self._path == "find":
                self._stage.trace.append(("failed",))
                return None
            case "ongoing" if number % 4 and args and isinstance(args[0], type):
                self._stage.fail(args[0])
            case name if name.startswith("is_"):
                return number % 3 != 0
            case _:
                pass
        return Thing(self._stage, f"{self._path}#{number}")

    async def _later(self, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        return self._answer(self._stage.call(self._path, args, kwargs), args)

    def __iter__(self) -> Iterator[Thing]:
        return iter([Thing(self._stage, f"{self._path}:1"), Thing(self._stage, f"{self._path}:2")])

    def __enter__(self) -> Self:
        self._stage.call(f"{self._path}.enter", (), {})
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        self._stage.trace.append(("exit", self._path, show(error)))

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, kind: object, error: object, traceback: object) -> None:
        self.__exit__(kind, error, traceback)


_NUMBERS: dict[str, object] = {"config.retries": 2, "config.wait": 0.5, "pack.count": 3}


def _is_context(path: str) -> bool:
    return path.endswith(("_span", "_session"))


class Outside(types.ModuleType):
    """The module that all that is foreign comes from."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("outside")
        self.__dict__.update(Broken=Broken, Timeout=Timeout, Other=Other, SAFE=(Broken, OSError), stage=stage)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing(self.__dict__["stage"], name)
