"""The event loop that runs: asyncio's or trio's, behind one protocol.

Rules: neither library is imported before its loop runs, so importing mulligan imports neither. trio is recognised by
what it offers, because the core needs nothing outside the standard library.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

__all__ = ["EventLoop", "Late", "running_loop"]

P = ParamSpec("P")
R = TypeVar("R")


class EventLoop(Protocol):
    """What an execution needs of an event loop."""

    def time(self) -> float:
        """Answer the loop's time in seconds."""
        ...

    async def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass, and other tasks run."""
        ...

    async def within(self, seconds: float, fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Await the operation, and interrupt it after that many seconds.

        Raises:
            Late: when it was interrupted.
        """
        ...


class Late(Exception):  # noqa: N818 - never leaves the package
    """An operation was interrupted because its time was over."""


class AsyncioLoop:
    """The asyncio event loop that runs."""

    def time(self) -> float:
        """Answer the loop's time in seconds."""
        import asyncio  # noqa: PLC0415 - runs already, and importing mulligan must not import it

        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass, and other tasks run."""
        import asyncio  # noqa: PLC0415 - as above

        await asyncio.sleep(seconds)

    async def within(self, seconds: float, fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Await the operation, and interrupt it after that many seconds.

        Raises:
            Late: when it was interrupted.
        """
        import asyncio  # noqa: PLC0415 - as above

        scope = asyncio.timeout(seconds)
        try:
            async with scope:
                return await fn(*args, **kwargs)
        except TimeoutError:
            if not scope.expired():
                raise
        raise Late


class TrioLoop:
    """The trio event loop that runs.

    Args:
        trio: the library.
    """

    def __init__(self, trio: Trio) -> None:
        self.trio = trio

    def time(self) -> float:
        """Answer the loop's time in seconds."""
        return self.trio.current_time()

    async def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass, and other tasks run."""
        await self.trio.sleep(seconds)

    async def within(self, seconds: float, fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Await the operation, and interrupt it after that many seconds.

        Raises:
            Late: when it was interrupted.
        """
        with self.trio.move_on_after(seconds):
            return await fn(*args, **kwargs)
        raise Late


class TrioTasks(Protocol):
    """What is needed of `trio.lowlevel`."""

    def in_trio_task(self) -> bool:
        """Tell whether a trio task runs here."""
        ...


@runtime_checkable
class Trio(Protocol):
    """What is needed of `trio`."""

    @property
    def lowlevel(self) -> TrioTasks:
        """The part that knows whether a trio task runs here."""
        ...

    def current_time(self) -> float:
        """Answer the loop's time in seconds."""
        ...

    def sleep(self, seconds: float, /) -> Awaitable[None]:
        """Let that many seconds pass."""
        ...

    def move_on_after(self, seconds: float, /) -> AbstractContextManager[object, bool]:
        """Cancel what happens inside after that many seconds."""
        ...


_ASYNCIO = AsyncioLoop()


def running_loop() -> EventLoop:
    """Answer the event loop that runs this task."""
    trio: object = sys.modules.get("trio")
    if isinstance(trio, Trio) and trio.lowlevel.in_trio_task():
        return TrioLoop(trio)
    return _ASYNCIO
