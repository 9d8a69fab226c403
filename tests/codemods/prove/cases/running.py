"""Runs our own texts in CPython against scripts of faults: a test of the cases, never of the prover.

Rules: time is virtual, nothing sleeps. A run is its trace: calls, log lines with the error being handled, sleeps, and
how it ended. Only the texts of this suite are ever run.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import random
import sys
import time
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from tests.codemods.prove.cases.model import POLICIES
from tests.codemods.prove.cases.outside import Broken, Fault, Other, Outside, Script, Stage, Timeout, Trace, show

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.codemods.prove.cases.model import Case

__all__ = ["differing", "run", "same", "scripts"]


def _quarter(low: float, high: float) -> float:
    return low + 0.25 * (high - low)


def _undefined(policy: object) -> object:
    return policy


@contextmanager
def _installed(stage: Stage, policies: str) -> Generator[None]:
    """Put the foreign module, the policies and virtual time in place."""
    module = types.ModuleType(POLICIES)
    with (
        mock.patch.dict(sys.modules, {"outside": Outside(stage), POLICIES: module}),
        mock.patch.object(time, "sleep", stage.sleep),
        mock.patch.object(asyncio, "sleep", stage.sleep_async),
        mock.patch.object(time, "monotonic", stage.time),
        mock.patch.object(time, "time", stage.time),
        mock.patch("mulligan.config.define", _undefined),
        mock.patch.object(random, "uniform", _quarter),
    ):
        exec(compile(policies, POLICIES, "exec"), module.__dict__)  # noqa: S102 - our own text
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
    with _installed(stage, policies):
        try:
            stage.trace.append(("return", show(_value(text, call))))
        except BaseException as error:
            stage.trace.append(("raise", show(error), show(error.__cause__)))
    return stage.trace


def _value(text: str, call: str) -> object:
    names: dict[str, object] = {"__name__": "case"}
    exec(compile(text, "case", "exec"), names)  # noqa: S102 - our own text
    value: object = eval(call, names)  # noqa: S307 - our own text
    return asyncio.run(value) if inspect.iscoroutine(value) else value


def differing(case: Case, new: Case) -> Iterator[tuple[Script, Trace, Trace]]:
    """Answer the runs in which the old code of a case and the new code of another differ.

    Args:
        case: where the old code is from.
        new: where the new code is from, the same case or a mutant of it.
    """
    for call in case.calls:
        for script in scripts():
            old_trace = run(case.old_text, case.policies_text, call, script)
            new_trace = run(new.new_text, new.policies_text, call, script)
            if not same(case, old_trace, new_trace):
                yield script, old_trace, new_trace


def same(case: Case, old: Trace, new: Trace) -> bool:
    """Say whether two traces agree, up to the last sleep of the old one and the grain of drawn delays."""
    first, second = _grained(old, case.grain), _grained(new, case.grain)
    return first == second or _without_last_sleep(first) == second


def _grained(trace: Trace, grain: float | None) -> Trace:
    return [_grained_entry(entry, grain) for entry in trace]


def _grained_entry(entry: tuple[str | float, ...], grain: float | None) -> tuple[str | float, ...]:
    match entry:
        case ("sleep" | "async sleep" as kind, float(seconds)):
            return (kind, round(seconds, 9) if grain is None else (seconds + 1e-9) // grain)
        case _:
            return entry


def _without_last_sleep(trace: Trace) -> Trace:
    """Drop the last sleep where it follows the last failure."""
    last = max((place for place, entry in enumerate(trace) if entry[0] in {"sleep", "async sleep"}), default=None)
    if last is None or any(entry[0] == "call" for entry in trace[last:]):
        return trace
    before = [entry[0] for entry in trace[:last] if entry[0] in {"call", "failed"}]
    return [*trace[:last], *trace[last + 1 :]] if before[-1:] == ["failed"] else trace


_FAULTS: tuple[Fault, ...] = (None, Broken, Timeout, Other, OSError)


def scripts() -> Iterator[Script]:
    """Answer the scripts: patterns of faults that end in success or failure, repeated ones, slow ones, drawn ones."""
    for pattern in itertools.product(_FAULTS, repeat=2):
        yield Script((*pattern, None))
        yield Script((*pattern, Broken))
    for fault in (Broken, Timeout, Other, OSError, KeyboardInterrupt, TypeError):
        yield Script((fault,))
        yield Script((fault, fault, fault, fault, None))
        yield Script((None, fault, fault, None))
    yield Script((Broken, Broken, KeyboardInterrupt, None))
    yield Script((None, None, Broken, None))
    yield from _cycles()
    yield from _slow()
    yield from _drawn()


def _cycles() -> Iterator[Script]:
    for cycle in (
        (Broken, None),
        (None, Broken),
        (Timeout, None),
        (Broken, None, None),
        (Other, None),
        (OSError, None),
    ):
        yield Script(cycle, again=True)


def _slow() -> Iterator[Script]:
    for seconds in (0.9, 1.3, 6.0):
        yield Script((Broken,), seconds)
        yield Script((Broken, Broken, Broken, None), seconds)


def _drawn() -> Iterator[Script]:
    source = random.Random(5)
    for _ in range(30):
        yield Script(tuple(source.choice((*_FAULTS, Broken, None)) for _ in range(12)), source.choice((0.0, 0.4)))
