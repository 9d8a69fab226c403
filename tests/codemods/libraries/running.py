"""Old and new text of a module, run by CPython under one script of faults, in virtual time.

Rules: nothing sleeps; random draws are stubbed for library and policy alike. Both sides are compared by their
calls, the instants of the calls, the log records and the end.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import sys
import time
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest import mock

import mulligan.config
from mulligan import Policy
from mulligan.schedules import jittering
from mulligan.testing import run_virtual

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence

    from tests.codemods.libraries.migrating import Migrated

__all__ = ["Course", "Faulty", "Other", "courses"]

LIMIT = 12
EPOCH = dt.datetime(2020, 1, 1)


class Faulty(Exception):  # noqa: N818 - short in the modules
    """The error that is retried."""

    code = 503


class Other(Exception):  # noqa: N818 - as above
    """An error that is not."""

    code = 404


class CutOff(BaseException):
    """Ends a script that would go on forever."""

    code = 404


@dataclass
class Course:
    """What happened."""

    steps: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])


class World:
    """Time that passes by sleeping and by attempts alone, and an operation with a script."""

    def __init__(self, outcomes: Sequence[object], seconds: float, draw: float) -> None:
        self.course = Course()
        self._outcomes, self._seconds, self._draw = outcomes, seconds, draw
        self._now = 1_000.0
        self._calls = 0
        self._loop_time: Callable[[], float] | None = None

    def call(self, *args: object, **kwargs: object) -> Any:
        """Do what the script says."""
        self._begin(args, kwargs)
        self._now += self._seconds
        return self._done()

    async def acall(self, *args: object, **kwargs: object) -> Any:
        """Do what the script says, asynchronously."""
        self._begin(args, kwargs)
        await asyncio.sleep(self._seconds)
        return self._done()

    def _begin(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
        self._calls += 1
        self.course.steps.append(("call", args, tuple(sorted(kwargs.items())), round(self.now(), 6)))
        if self._calls > LIMIT:
            raise CutOff

    def _done(self) -> object:
        outcome = self._outcomes[min(self._calls, len(self._outcomes)) - 1]
        if isinstance(outcome, type):
            raise outcome(f"attempt {self._calls}")
        return outcome

    async def run(self, function: Callable[[], Awaitable[object]]) -> object:
        """Go by the time of the running loop from now on."""
        self._loop_time = asyncio.get_running_loop().time
        return await function()

    def now(self) -> float:
        return self._now if self._loop_time is None else self._loop_time()

    def sleep(self, seconds: float) -> None:
        self._now += seconds

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * self._draw

    def note(self, *what: object) -> None:
        self.course.steps.append(("note", *what))

    def patched(self) -> Generator[mock._patch[Any], None, None]:  # pyright: ignore[reportPrivateUsage]
        """Yield the patches of time and chance."""
        world = self

        class Moment(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> Any:
                del tz
                return EPOCH + dt.timedelta(seconds=world.now())

        yield mock.patch.object(time, "sleep", self.sleep)
        yield mock.patch.object(time, "monotonic", self.now)
        yield mock.patch.object(time, "time", self.now)
        yield mock.patch.object(dt, "datetime", Moment)
        yield mock.patch.object(random, "random", return_value=self._draw)
        yield mock.patch.object(random, "uniform", self.uniform)
        yield mock.patch.object(random, "randint", self.uniform)  # the fraction that a policy may draw
        yield mock.patch.object(jittering, "uniform", return_value=self._draw)
        yield mock.patch.object(mulligan.config, "define", _itself)


def _itself(policy: Policy) -> Policy:
    return policy


class Records(logging.Handler):
    """Writes log records down as steps."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self._course = course

    def emit(self, record: logging.LogRecord) -> None:
        self._course.steps.append(("log", record.name, record.levelname, record.getMessage()))


def courses(old: str, done: Migrated, outcomes: Sequence[object], seconds: float, draw: float) -> tuple[Course, Course]:
    """Answer what the old text and the new one do."""
    return _course(old, "", outcomes, seconds, draw), _course(done.text, done.policies, outcomes, seconds, draw)


def _course(text: str, policies: str, outcomes: Sequence[object], seconds: float, draw: float) -> Course:
    world = World(outcomes, seconds, draw)
    patches = list(world.patched())
    log, records = logging.getLogger("shop"), Records(world.course)
    log.addHandler(records)
    log.setLevel(logging.DEBUG)
    for each in patches:
        each.start()
    try:
        _play(text, policies, world)
    finally:
        for each in reversed(patches):
            each.stop()
        log.removeHandler(records)
        for name in ("shop", "shop.retry_policies"):
            sys.modules.pop(name, None)
    return world.course


def _play(text: str, policies: str, world: World) -> None:
    names: dict[str, Any] = {
        "__name__": "shop.client", "call": world.call, "acall": world.acall, "Faulty": Faulty, "Other": Other,
        "log": logging.getLogger("shop"), "note": world.note,
    }  # fmt: skip
    central = ModuleType("shop.retry_policies")
    central.__dict__.update({"Faulty": Faulty, "Other": Other})
    sys.modules["shop"], sys.modules["shop.retry_policies"] = ModuleType("shop"), central
    try:
        exec(compile(policies, "retry_policies.py", "exec"), central.__dict__)  # noqa: S102 - the tests' own texts
        exec(compile(text, "client.py", "exec"), names)  # noqa: S102 - as above
        value = run_virtual(lambda: world.run(names["arun"])) if "arun" in names else names["run"]()
        world.course.steps.append(("value", value))
    except (Exception, CutOff) as error:
        last: Any = getattr(error, "last_attempt", None)
        number = None if last is None else last.attempt_number
        told = "" if last is not None or isinstance(error, CutOff) else str(error)
        world.course.steps.append(("error", type(error).__name__, type(error).__module__, told, number))
