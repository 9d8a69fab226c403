"""Runs our own texts in CPython against scripts of faults: a test of the cases, never of the prover.

Rules: a module `outside` stands for all that is foreign; each call of it takes the next entry of the script. Time is
virtual, nothing sleeps. A run is its trace: calls, log lines with the error being handled, sleeps, and how it ended.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import random
import sys
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

import mulligan
from tests.codemods.prove.cases.model import POLICIES, Case

__all__ = ["Fault", "Script", "Trace", "run", "same", "scripts"]

LIMIT = 700


class Broken(Exception):
    """What most cases retry."""


class Timeout(Broken):
    """A subclass of what most cases retry."""


class Other(Exception):
    """What most cases don't retry."""


class TheEnd(BaseException):
    """Ends a run that would go on for ever."""


Fault = type[BaseException] | None
Trace = list[tuple[object, ...]]


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
    trace: Trace = field(default_factory=list[tuple[object, ...]])
    now: float = 100.0
    calls: int = 0

    def call(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> int:
        """Note a call and raise what the script says."""
        self.trace.append(("call", name, *map(show, args), *(f"{key}={show(kwargs[key])}" for key in kwargs)))
        self.calls += 1
        if self.calls > LIMIT:
            raise TheEnd
        self.now += self.script.seconds
        fault = self.script.fault(self.calls)
        if fault is not None:
            raise fault(f"fault {self.calls}")
        return self.calls

    def sleep(self, seconds: float) -> None:
        """Note a sleep of a thread."""
        if seconds != 0:
            self.trace.append(("sleep", float(seconds)))
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Note a sleep of a task."""
        self.trace.append(("async sleep", float(seconds)))
        self.now += seconds


def show(value: object) -> str:
    """Describe a value; errors by their type and text, so that identity shows."""
    if isinstance(value, BaseException):
        return f"{type(value).__name__}({value.args})"
    if isinstance(value, float):
        return repr(round(value, 9))
    return repr(value)


class Thing:
    """A foreign object: what its calls do is in the script."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.__dict__.update(stage=stage, name=name)

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") or name == "closed":
            raise AttributeError(name)
        return attribute(self.stage, f"{self.name}.{name}", name)

    def __setattr__(self, name: str, value: object) -> None:
        self.stage.trace.append(("set", self.name, name, show(value)))
        self.__dict__[name] = value

    def __getitem__(self, key: object) -> Thing:
        return Thing(self.stage, f"{self.name}[{key!r}]")

    def __call__(self, *args: object, **kwargs: object) -> object:
        if self.name.startswith("log."):
            self.stage.trace.append(("log", self.name, show(sys.exc_info()[1]), *map(show, args), show(kwargs)))
            return None
        name = self.name
        if any(part.startswith("async_") for part in name.split(".")) and not name.endswith(("_span", "_session")):
            return self._later(args, kwargs)
        number = self.stage.call(name, args, kwargs)
        if name == "config.get":
            return 3 if args == ("retries",) else 0.5
        if name == "find":
            return None if number % 4 else Thing(self.stage, f"{name}#{number}")
        last = name.split(".")[-1]
        if last.startswith("is_"):
            return number % 3 != 0
        if last == "ongoing" and number % 4:
            raise_class = args[0]
            assert isinstance(raise_class, type)
            raise raise_class(f"ongoing {number}")
        return Thing(self.stage, f"{name}#{number}")

    async def _later(self, args: tuple[object, ...], kwargs: dict[str, object]) -> Thing:
        return Thing(self.stage, f"{self.name}#{self.stage.call(self.name, args, kwargs)}")

    def __iter__(self) -> Iterator[Thing]:
        return iter([Thing(self.stage, f"{self.name}:1"), Thing(self.stage, f"{self.name}:2")])

    def __enter__(self) -> Thing:
        self.stage.call(f"{self.name}.enter", (), {})
        return self

    def __exit__(self, *reason: object) -> None:
        self.stage.trace.append(("exit", self.name, show(reason[1])))

    async def __aenter__(self) -> Thing:
        self.stage.call(f"{self.name}.enter", (), {})
        return self

    async def __aexit__(self, *reason: object) -> None:
        self.stage.trace.append(("exit", self.name, show(reason[1])))


def attribute(stage: Stage, path: str, name: str) -> object:
    """Answer a foreign attribute: numbers where a case counts with them."""
    numbers: dict[str, object] = {"retries": 2, "wait": 0.5, "count": 3, "limit": 3, "pause": 1.5}
    return numbers[name] if path in {"config.retries", "config.wait", "pack.count"} else Thing(stage, path)


class Outside(types.ModuleType):
    """The module that all that is foreign comes from."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("outside")
        self.stage = stage
        self.Broken, self.Timeout, self.Other = Broken, Timeout, Other
        self.SAFE = (Broken, OSError)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing(self.stage, name)


@contextmanager
def installed(stage: Stage, policies: str) -> Iterator[None]:
    """Put the foreign module, the policies and virtual time in place."""
    modules = {"outside": Outside(stage), POLICIES: types.ModuleType(POLICIES)}
    uniform = mock.patch.object(random, "uniform", lambda low, high: low + 0.25 * (high - low))
    with (
        mock.patch.dict(sys.modules, modules),
        mock.patch.object(time, "sleep", stage.sleep),
        mock.patch.object(asyncio, "sleep", stage.sleep_async),
        mock.patch.object(time, "monotonic", lambda: stage.now),
        mock.patch.object(time, "time", lambda: stage.now),
        mock.patch("mulligan.config.define", lambda policy: policy, create=True),
        uniform,
    ):
        exec(compile(policies, POLICIES, "exec"), modules[POLICIES].__dict__)  # noqa: S102 - our own text
        yield


def run(text: str, policies: str, call: str, script: Script) -> Trace:
    """Run one scenario of a text and answer its trace.

    Args:
        text: one of our own modules.
        policies: its policies module.
        call: an expression over the module's names.
        script: what the foreign calls do.
    """
    stage = Stage(script)
    with installed(stage, policies):
        names: dict[str, object] = {"__name__": "case"}
        try:
            exec(compile(text, "case", "exec"), names)  # noqa: S102 - our own text
            value = eval(call, names)  # noqa: S307 - our own text
            if inspect.iscoroutine(value):
                value = asyncio.run(value)
            stage.trace.append(("return", show(value)))
        except BaseException as error:
            stage.trace.append(("raise", show(error), show(error.__cause__)))
    return stage.trace


def same(case: Case, old: Trace, new: Trace) -> bool:
    """Say whether two traces agree, up to the last sleep of the old one and the grain of drawn delays."""
    first, second = _grained(old, case.grain), _grained(new, case.grain)
    return first == second or _without_last_sleep(first) == second


def _grained(trace: Trace, grain: float | None) -> Trace:
    if grain is None:
        return [(kind, *map(_rounded, rest)) for kind, *rest in trace]
    return [(kind, float(rest[0]) // grain if _is_sleep(kind) else rest) for kind, *rest in _floats(trace)]


def _rounded(value: object) -> object:
    return round(value, 9) if isinstance(value, float) else value


def _floats(trace: Trace) -> Iterator[tuple[object, ...]]:
    for entry in trace:
        yield (entry[0], entry[1] + 1e-9, *entry[2:]) if _is_sleep(entry[0]) and isinstance(entry[1], float) else entry


def _is_sleep(kind: object) -> bool:
    return kind in {"sleep", "async sleep"}


def _without_last_sleep(trace: Trace) -> Trace:
    """Drop the last sleep where no call follows."""
    last = max((place for place, entry in enumerate(trace) if _is_sleep(entry[0])), default=None)
    if last is None or any(entry[0] == "call" for entry in trace[last:]):
        return trace
    return [*trace[:last], *trace[last + 1 :]]


def scripts() -> Iterator[Script]:
    """Answer the scripts: every pattern of three faults, then success or failure for ever; and some drawn ones."""
    faults: tuple[Fault, ...] = (None, Broken, Timeout, Other, OSError)
    for pattern in itertools.product(faults, repeat=2):
        for last in (None, Broken):
            yield Script((*pattern, last))
    for fault in (Broken, Timeout, Other, OSError, KeyboardInterrupt, TypeError):
        yield Script((fault,))
        yield Script((fault, fault, fault, fault, None))
        yield Script((None, fault, fault, None))
    yield Script((Broken, Broken, KeyboardInterrupt, None))
    for cycle in ((Broken, None), (None, Broken), (Timeout, None), (Broken, None, None), (Other, None), (OSError, None)):
        yield Script(cycle, again=True)
    for seconds in (0.9, 1.3, 6.0):
        yield Script((Broken,), seconds)
        yield Script((Broken, Broken, Broken, None), seconds)
    source = random.Random(5)
    for _ in range(30):
        yield Script(tuple(source.choice((*faults, Broken, None)) for _ in range(12)), source.choice((0.0, 0.4)))


_ = mulligan
