"""The event loop that runs: asyncio's or trio's, behind one protocol.

Rules: neither library is imported before its loop runs, so importing mulligan imports neither. trio is described by
what is needed of it, because the core needs nothing outside the standard library. Protocols that annotate only are for
the type checkers alone: each would add to the time of the import.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Protocol, TypeGuard

    class Limit(Protocol):
        """Interrupts what happens inside it when its time is over, and swallows that interruption."""

        async def __aenter__(self) -> object:
            """Begin to count the time."""
            ...

        async def __aexit__(
            self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
        ) -> bool | None:
            """Answer whether it interrupted."""
            ...

    class EventLoop(Protocol):
        """What an execution needs of an event loop."""

        def time(self) -> float:
            """Answer the loop's time in seconds."""
            ...

        def instant(self) -> float:
            """Answer the instant on the scale of `time.monotonic`, so that loops and threads can share it."""
            ...

        async def sleep(self, seconds: float, /) -> None:
            """Let that many seconds pass, and other tasks run."""
            ...

        def limit(self, seconds: float, /) -> Limit:
            """Answer a limit of that many seconds."""
            ...

    class TrioTasks(Protocol):
        """What is needed of `trio.lowlevel`; since 0.29 it has `in_trio_task` too."""

        def current_task(self) -> object:
            """Answer the task that runs here; a RuntimeError where none does."""
            ...

        def current_clock(self) -> object:
            """Answer the clock of the run."""
            ...

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

        def move_on_after(self, seconds: float, /) -> AbstractContextManager[object, bool | None]:
            """Cancel what happens inside after that many seconds."""
            ...


__all__ = ["running_loop"]


class AsyncioLimit:
    """A limit in asyncio.

    Args:
        seconds: after which what happens inside is interrupted.
    """

    def __init__(self, seconds: float) -> None:
        import asyncio  # noqa: PLC0415 - runs already, and importing mulligan must not import it

        self.scope = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self.scope.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> bool:
        try:
            await self.scope.__aexit__(kind, error, traceback)
        except TimeoutError:
            return True
        return False


class AsyncioLoop:
    """The asyncio event loop that runs."""

    def time(self) -> float:
        """Answer the loop's time in seconds."""
        import asyncio  # noqa: PLC0415 - runs already, and importing mulligan must not import it

        return asyncio.get_running_loop().time()

    def instant(self) -> float:
        """Answer the loop's time, which counts as `time.monotonic` does, or is virtual."""
        return self.time()

    async def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass, and other tasks run."""
        import asyncio  # noqa: PLC0415 - as above

        await asyncio.sleep(seconds)

    def limit(self, seconds: float, /) -> Limit:
        """Answer a limit of that many seconds."""
        return AsyncioLimit(seconds)


class TrioLimit:
    """A limit in trio.

    Args:
        scope: cancels what happens inside.
    """

    def __init__(self, scope: AbstractContextManager[object, bool | None]) -> None:
        self.scope = scope

    async def __aenter__(self) -> None:
        self.scope.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> bool | None:
        swallowed = self.scope.__exit__(kind, error, traceback)
        return error is not None and swallowed  # trio answers True as well where there was nothing to swallow


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

    def instant(self) -> float:
        """Answer `time.monotonic`, because trio's own clock counts from a random instant; or the time of a test's."""
        own = type(self.trio.lowlevel.current_clock()).__name__ == "SystemClock"
        return time.monotonic() if own else self.time()

    async def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass, and other tasks run."""
        await self.trio.sleep(seconds)

    def limit(self, seconds: float, /) -> Limit:
        """Answer a limit of that many seconds."""
        return TrioLimit(self.trio.move_on_after(seconds))


_ASYNCIO = AsyncioLoop()


def running_loop() -> EventLoop:
    """Answer the event loop that runs this task."""
    trio: object = sys.modules.get("trio")
    if _is_trio(trio) and _in_task(trio):
        return TrioLoop(trio)
    return _ASYNCIO


def _in_task(trio: Trio) -> bool:
    asked: object = getattr(trio.lowlevel, "in_trio_task", None)
    if callable(asked):
        return bool(asked())
    try:
        trio.lowlevel.current_task()
    except RuntimeError:
        return False
    return True


def _is_trio(module: object) -> TypeGuard[Trio]:
    return module is not None
