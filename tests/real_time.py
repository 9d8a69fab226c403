"""Nobody really sleeps: a guard around the sleeps of `time`, asyncio and trio while the tests run.

A test, an example or mulligan itself that really sleeps fails there and then, and is told to use `mulligan.testing`.
Sleeps of other people's code, of 0 seconds, in virtual time and those that are cancelled are let through.
`tests/test_real_time.py` insists that nobody patches the sleeps by hand either.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final

import trio

from mulligan.testing import VirtualLoop

if TYPE_CHECKING:
    from types import FrameType
    from typing import SupportsIndex

__all__ = ["REALLY_SLEEPS", "RealSleepError", "forbid"]

ROOT: Final = Path(__file__).parents[1]
REALLY_SLEEPS: Final = {
    "tests/guards/stores/": "a real Redis, its restarts and its silence are waited for",
    "tests/codemods/run/processes/test_workers.py": "a process hangs until the time limit of its item stops it",
    "tests/regressions/time_bugs.py": "backoff's clock is datetime.now, and shows what it does wrong",
}
"""Tests and helpers that really sleep, by where they stand, and why they must."""


class RealSleepError(AssertionError):
    """A test, an example or mulligan really slept."""


def forbid() -> None:
    """Put the guard in place, for the rest of this process."""
    _guard_time()
    _guard_asyncio()
    _guard_trio()


def _guard_time() -> None:
    asleep = time.sleep

    @wraps(asleep)
    def sleep(seconds: float | SupportsIndex, /) -> None:
        if float(seconds) > 0:
            _refuse(_caller(), float(seconds))
        asleep(seconds)

    time.sleep = sleep


def _guard_asyncio() -> None:
    asleep = asyncio.sleep

    @wraps(asleep)
    async def sleep(delay: float, result: object = None) -> object:
        caller = _caller()
        answer = await asleep(delay, result)
        if delay > 0 and not isinstance(asyncio.get_running_loop(), VirtualLoop):
            _refuse(caller, delay)
        return answer

    asyncio.sleep = sleep  # type: ignore[assignment] # its overloads tell only the type of the result


def _guard_trio() -> None:
    asleep = trio.sleep

    @wraps(asleep)
    async def sleep(seconds: float) -> None:
        caller = _caller()
        await asleep(seconds)
        if seconds > 0 and type(trio.lowlevel.current_clock()).__name__ == "SystemClock":
            _refuse(caller, seconds)

    trio.sleep = sleep


def _caller() -> FrameType | None:
    """Answer who called the function that asks."""
    frame = inspect.currentframe()
    for _ in range(2):
        frame = None if frame is None else frame.f_back
    return frame


def _refuse(caller: FrameType | None, seconds: float) -> None:
    if caller is None:
        return
    path = Path(caller.f_code.co_filename)
    if not path.is_relative_to(ROOT) or "site-packages" in path.parts:
        return
    place = path.relative_to(ROOT).as_posix()
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    if place.startswith(tuple(REALLY_SLEEPS)) or test.startswith(tuple(REALLY_SLEEPS)):
        return
    raise RealSleepError(
        f"{place}:{caller.f_lineno} really sleeps for {seconds} s: use the virtual time of mulligan.testing, or name "
        "the place and the reason in tests/real_time.py"
    )
