"""Where time comes from: the `Clock` protocol and the system's clock.

Rules:
- Seconds are floats. `monotonic` has no meaning but by difference.
- `time.sleep` and `time.monotonic` are looked up when they are called, so that a test's patch and gevent's
  monkey-patching work as people expect. Asynchronous code goes by the time of its event loop.
- `installed` is `None` in production. `mulligan.testing` puts its virtual clock there; executors read it once per
  execution, and not at all where a plain execution succeeds at once.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from mulligan._event_loops import running_loop

if TYPE_CHECKING:
    from mulligan._event_loops import EventLoop

__all__ = ["Clock", "LoopClock", "SystemClock", "installed", "running_clock"]


class Clock(Protocol):
    """A source of time and the way to let it pass."""

    def monotonic(self) -> float:
        """Answer the seconds since some fixed instant; never less than before."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass in synchronous code."""
        ...

    async def sleep_async(self, seconds: float, /) -> None:
        """Let that many seconds pass in asynchronous code, where other tasks run meanwhile."""
        ...


class SystemClock:
    """The clock of the operating system.

    >>> clock = SystemClock()
    >>> before = clock.monotonic()
    >>> clock.monotonic() >= before
    True
    """

    __slots__ = ()

    def monotonic(self) -> float:
        """Answer the seconds since some fixed instant."""
        return time.monotonic()

    def sleep(self, seconds: float, /) -> None:
        """Sleep in this thread."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float, /) -> None:
        """Sleep in this task."""
        await running_loop().sleep(seconds)


class LoopClock(SystemClock):
    """The time of an event loop, so that a loop whose time jumps makes delays jump too.

    Args:
        loop: the running loop.
    """

    loop: EventLoop

    __slots__ = ("loop",)

    def __init__(self, loop: EventLoop) -> None:
        self.loop = loop

    def monotonic(self) -> float:
        """Answer the loop's time in seconds."""
        return self.loop.time()

    async def sleep_async(self, seconds: float, /) -> None:
        """Sleep in this task."""
        await self.loop.sleep(seconds)


installed: Clock | None = None
"""The clock of executions that were given none: `None` for the system's; virtual time puts its clock here."""


def running_clock() -> Clock:
    """Answer the installed clock, or else the clock of the event loop that runs."""
    return LoopClock(running_loop()) if installed is None else installed
