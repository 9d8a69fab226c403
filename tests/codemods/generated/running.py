"""Runs our own texts in CPython against fault scripts, in virtual time: the judge of the proof.

Rules: only texts of the grammar, of the regressions and of their rewrites are executed, each in a fresh namespace
with stand-in modules. A run is its trace: calls, sleeps, log records, ends, and the state that is visible afterwards.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import random
import sys
import time
import types
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING
from unittest import mock

import mulligan.schedules.jittering
from tests.codemods.generated.model import Loop, Number, Place
from tests.codemods.generated.outside import Outside, Stage, Thing, Trace, show

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterator

    from tests.codemods.generated.faults import Script

__all__ = ["agree", "run"]

AROUND = ("begin", "finish", "fallback")
"""Calls with these names stand outside of the loops."""


SHOWN = (int, float, str, tuple, list, dict, BaseException, type(None))
"""Kinds of globals that are compared; functions, classes and modules are not."""


@lru_cache(maxsize=64)
def compiled(text: str) -> types.CodeType:
    """Compile one of our own texts."""
    return compile(text, "case", "exec")


class Recorder(logging.Handler):
    """Notes each record, and the error that is being handled meanwhile."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage

    def emit(self, record: logging.LogRecord) -> None:
        """Note a record."""
        given = record.exc_info[1] if record.exc_info else None
        args = record.args if isinstance(record.args, tuple) else (record.args,)
        handled = sys.exc_info()[1]
        self.stage.trace.append(
            ("log", record.levelname, show(record.msg), *map(show, args or ()), show(given), show(handled))
        )


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with the time of the stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        super().__init__()

    def time(self) -> float:
        """Answer the stage's time."""
        return self.stage.now


def logger_of(stage: Stage) -> logging.Logger:
    """Make a logger that no other run shares."""
    logger = logging.Logger("case", logging.DEBUG)  # noqa: LOG001 -- a logger without a place in the tree
    logger.addHandler(Recorder(stage))
    return logger


@contextmanager
def imported(modules: dict[str, types.ModuleType]) -> Generator[None]:
    """Let these modules be imported; what else is imported meanwhile stays."""
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in modules:
            del sys.modules[name]


@contextmanager
def installed(stage: Stage, policies: str) -> Generator[None]:
    """Put the stand-ins, the policies and virtual time in place."""
    modules: dict[str, types.ModuleType] = {
        "outside": Outside(stage),
        "retry_policies": types.ModuleType("retry_policies"),
    }
    logger = logger_of(stage)

    def named(_: str = "") -> logging.Logger:
        return logger

    with (
        imported(modules),
        mock.patch.dict("mulligan.config.registry._defined", clear=True),
        mock.patch.object(time, "sleep", stage.sleep),
        mock.patch.object(asyncio, "sleep", stage.sleep_async),
        mock.patch.object(time, "monotonic", stage.clock),
        mock.patch.object(time, "time", stage.clock),
        mock.patch.object(logging, "getLogger", named),
        mock.patch.object(random, "uniform", stage.uniform),
        mock.patch.object(random, "random", stage.random),
        mock.patch.object(mulligan.schedules.jittering, "uniform", stage.random),
    ):
        exec(compiled(policies), modules["retry_policies"].__dict__)  # noqa: S102 -- our own
        yield


def run(loop: Loop, text: str, policies: str, script: Script) -> Trace:
    """Run one script against a text and answer the trace.

    Args:
        loop: how the text is called.
        text: the loop's module, as it was or rewritten.
        policies: the policies module.
        script: what the outside does.
    """
    stage = Stage(script)
    names: dict[str, object] = {"__name__": "case"}
    with installed(stage, policies):
        try:
            exec(compiled(text), names)  # noqa: S102 -- our own text
            work = _work(loop, names, stage)
        except BaseException as error:
            stage.trace.append(("stillborn", show(error)))
            work = None
        for _ in range(script.repeat if work is not None else 0):
            _once(loop, work, names, stage)
    return stage.trace


def _work(loop: Loop, names: dict[str, object], stage: Stage) -> object:
    if loop.place is Place.MODULE:
        stage.trace.append(("state", *_state(names, stage)))
        return None
    if loop.place is Place.FUNCTION:
        return names["work"]
    made = names["Client"]
    assert callable(made)
    instance: object = made(*(_number(kind, stage.script) for _, kind in loop.attributes))
    stage.instances.append(instance)
    return getattr(instance, "work")  # noqa: B009 -- the class is known at run time only


def _number(kind: Number, script: Script) -> float:
    return script.count if kind is Number.COUNT else script.delay


def _once(loop: Loop, work: object, names: dict[str, object], stage: Stage) -> None:
    assert callable(work)
    numbers = (_number(kind, stage.script) for _, kind in loop.parameters)
    try:
        value: object = work(Thing(stage, "url"), Thing(stage, "client"), *numbers)
        if inspect.iscoroutine(value):
            with asyncio.Runner(loop_factory=lambda: VirtualLoop(stage)) as runner:
                value = runner.run(value)
        stage.trace.append(("end", "returns", show(value)))
    except BaseException as error:
        stage.trace.append(("end", "raises", show(error)))
    stage.trace.append(("state", *_state(names, stage)))


def _state(names: dict[str, object], stage: Stage) -> Iterator[tuple[object, ...]]:
    for instance in stage.instances:
        yield from (("self", name, show(value)) for name, value in sorted(vars(instance).items()))
    for name, value in sorted(names.items()):
        if isinstance(value, SHOWN) and name[0] != "_":
            yield ("global", name, show(value))  # pyright: ignore[reportUnknownArgumentType] -- any tuple will do


def agree(old: Trace, new: Trace, permitted: Collection[str] = ()) -> bool:
    """Say whether two traces agree, up to the sleep after the last failure and what the proof says it permits."""
    if old == new:
        return True
    first, second = settled(old), settled(new)
    if any("log line is written inside the handler" in each for each in permitted):
        first, second = _unhandled(first, second)
    return first == second


def _unhandled(old: Trace, new: Trace) -> tuple[Trace, Trace]:
    """Forget which error is being handled where the old log line was written outside of handlers."""
    pairs = zip(old, new, strict=False)
    forget = {i for i, (one, other) in enumerate(pairs) if one[0] == other[0] == "log" and one[-1] == "None"}
    return old, [(*entry[:-1], "None") if i in forget else entry for i, entry in enumerate(new)]


def settled(trace: Trace) -> Trace:
    """Drop sleeps of 0 s, and of each execution the last sleep where no attempt follows."""
    kept: Trace = []
    attempt_follows = False
    dropped = False
    for entry in reversed(trace):
        if entry[0] == "sleep" and entry[1] == 0:
            continue
        if entry[0] == "end" or entry[:2] == ("call", "begin"):
            attempt_follows = dropped = False
        if entry[0] == "call" and str(entry[1]).split(".")[0] not in AROUND:
            attempt_follows = True
        if str(entry[0]).endswith("sleep") and not attempt_follows and not dropped:
            dropped = True
            continue
        kept.append(entry)
    return kept[::-1]
