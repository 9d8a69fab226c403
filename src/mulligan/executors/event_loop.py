"""The running event loop as a clock.

Rules: nothing is imported before a loop runs, and then only what runs already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan import clock as clocks
from mulligan.clock import SystemClock

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from mulligan.clock import Clock

__all__ = ["AsyncioClock", "running_clock"]


class AsyncioClock(SystemClock):
    """The time of an asyncio event loop, so that a loop whose time jumps makes delays jump too.

    Args:
        loop: the running loop.
    """

    __slots__ = ("loop",)

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.loop = loop

    def monotonic(self) -> float:
        """Answer the loop's time in seconds."""
        return self.loop.time()


def running_clock() -> Clock:
    """Answer the installed clock, or else the running loop's."""
    if clocks.installed is not None:
        return clocks.installed
    import asyncio  # noqa: PLC0415 - importing mulligan must not import asyncio

    return AsyncioClock(asyncio.get_running_loop())
