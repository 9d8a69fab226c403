"""Where time comes from: the `Clock` protocol and the system's clock.

Rules:
- Seconds are floats. `monotonic` has no meaning but by difference.
- `time.sleep` and `time.monotonic` are looked up when they are called, so that a test's patch and gevent's
  monkey-patching work as people expect.
- `installed` is `None` in production. `mulligan.testing` puts its virtual clock there; executors read it once per
  execution, and not at all where a plain execution succeeds at once.
"""

from __future__ import annotations

import time
from typing import Protocol

__all__ = ["Clock", "SystemClock", "installed"]


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
    """The clock of the operating system, and of the asyncio event loop that runs.

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
        """Sleep in this asyncio task."""
        import asyncio  # noqa: PLC0415 - importing mulligan must not import asyncio

        await asyncio.sleep(seconds)


installed: Clock | None = None
