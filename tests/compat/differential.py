"""Original and shim under one script of faults: what each of them did, to be compared.

Rules: nothing sleeps; time is the script's. Both sides draw from the module `random` with the same seed.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

EPOCH = dt.datetime(2020, 1, 1)
LIMIT = 12
"""How many attempts a script lasts; what goes on after them is cut off."""


class CutOff(BaseException):
    """Ends a script that would go on forever."""


@dataclass
class Seen:
    """What happened, in its order."""

    steps: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])

    def note(self, *step: object) -> None:
        self.steps.append(step)


class Script:
    """An operation that does what a list says, one entry an attempt; the last one again and again.

    Args:
        seen: where attempts are noted.
        outcomes: error types are raised, anything else is returned.
        seconds: how long each attempt takes.
    """

    def __init__(self, seen: Seen, outcomes: Sequence[object], seconds: float) -> None:
        self.seen, self.outcomes, self.seconds = seen, outcomes, seconds
        self.calls = 0
        self.world: World | None = None

    def __call__(self, *args: object, **kwargs: object) -> Any:
        self.calls += 1
        self.seen.note("call", args, tuple(sorted(kwargs.items())))
        if self.calls > LIMIT:
            raise CutOff
        assert self.world is not None
        self.world.now += self.seconds
        outcome = self.outcomes[min(self.calls, len(self.outcomes)) - 1]
        if _is_error(outcome):
            raise outcome(f"attempt {self.calls}")
        return outcome


def _is_error(outcome: object) -> TypeGuard[type[BaseException]]:
    return isinstance(outcome, type) and issubclass(outcome, BaseException)


class World:
    """Time that passes by sleeping and by attempts alone."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.now = 1_000_000.0

    def sleep(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.seen.note("sleep", seconds)
        self.now += seconds

    def time(self) -> float:
        return self.now

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    def clock(self) -> type[object]:
        world = self

        class Datetime:
            @staticmethod
            def now() -> dt.datetime:
                return EPOCH + dt.timedelta(seconds=world.now)

        return Datetime

    @contextmanager
    def __call__(self, loggers: Sequence[str]) -> Generator[None]:
        handler = _Recording(self.seen)
        with (
            mock.patch.object(time, "sleep", self.sleep),
            mock.patch.object(time, "time", self.time),
            mock.patch.object(asyncio, "sleep", self.sleep_async),
            mock.patch.object(dt, "datetime", self.clock()),
        ):
            for name in loggers:
                logging.getLogger(name).addHandler(handler)
                logging.getLogger(name).setLevel(logging.DEBUG)
            try:
                yield
            finally:
                for name in loggers:
                    logging.getLogger(name).removeHandler(handler)


class _Recording(logging.Handler):
    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self.seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.note("log", record.name, record.levelname, _message(record))


def _message(record: logging.LogRecord) -> str:
    """Answer the message without the lines of a traceback, which name the code that ran."""
    return record.getMessage().split("\n")[0]


def played(
    run: Callable[[Script, Seen], object],
    outcomes: Sequence[object],
    *,
    seconds: float,
    seed: int,
    loggers: Sequence[str],
) -> list[tuple[object, ...]]:
    """Play a script, and answer what happened with what came of it."""
    seen = Seen()
    script, world = Script(seen, outcomes, seconds), World(seen)
    script.world = world
    random.seed(seed)
    with world(loggers):
        try:
            seen.note("answers", run(script, seen))
        except BaseException as error:
            seen.note("raises", type(error).__name__, str(error).split("\n")[0])
    seen.note("draws next", random.random())
    return seen.steps
