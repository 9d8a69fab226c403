"""The virtual clock, and how it takes the place of the system's.

Rules: a virtual clock never waits. In synchronous code it jumps at each sleep; in asynchronous code it jumps, once
every task waits, to the next instant that somebody sleeps until. It belongs to one thread. It is installed for the
context that installs it (this test, this thread, this task and the tasks it starts); executions elsewhere keep the
system's time. Installing it costs production code nothing: executors read one module attribute per execution that
looks at a clock at all.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from mulligan import clock as clocks
from mulligan._event_loops import running_loop
from mulligan.clock import SystemClock
from mulligan.testing.foreign import taken_over
from mulligan.testing.waiting import Sleepers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mulligan.clock import Clock

__all__ = ["VirtualClock", "instant", "instant_async", "spend", "spend_async", "virtual_time"]


class VirtualClock:
    """A clock whose time passes by sleeping alone, at once.

    Args:
        start: the first instant, in seconds.

    >>> clock = VirtualClock()
    >>> clock.sleep(3600)
    >>> clock.monotonic(), clock.sleeps
    (3600.0, [3600])
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._timers: list[tuple[float, Callable[[], object]]] = []
        self._sleepers = Sleepers(self._jump)
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        """Answer the virtual instant in seconds."""
        return self._now

    def sleep(self, seconds: float, /) -> None:
        """Let the time pass, and remember it in `sleeps`."""
        self.sleeps.append(seconds)
        self.advance(seconds)

    async def sleep_async(self, seconds: float, /) -> None:
        """Remember the seconds in `sleeps`, and wait until they have passed because every task waits."""
        self.sleeps.append(seconds)
        await self.advance_async(seconds)

    async def advance_async(self, seconds: float) -> None:
        """Wait as `sleep_async` does without remembering it, as an operation does that takes long.

        Args:
            seconds: how long.
        """
        if seconds > 0:
            await self._sleepers.sleep_until(self._now + seconds)
        else:
            await running_loop().sleep(0)

    def advance(self, seconds: float) -> None:
        """Let the time pass without anybody sleeping, as an operation does that takes long.

        Args:
            seconds: how much.

        >>> clock = VirtualClock()
        >>> clock.call_at(2, lambda: print("at", clock.monotonic()))
        >>> clock.advance(5)
        at 2.0
        """
        self._jump(self._now + seconds)

    def _jump(self, end: float) -> None:
        while self._timers:
            instant, function = timer = min(self._timers, key=itemgetter(0))
            if instant > end:
                break
            self._timers.remove(timer)
            self._now = max(self._now, float(instant))
            function()
        self._now = max(self._now, end)

    def call_at(self, instant: float, function: Callable[[], object]) -> None:
        """Call a function when the virtual time gets there.

        Args:
            instant: in seconds.
            function: what to call.
        """
        self._timers.append((instant, function))


_current: ContextVar[VirtualClock | None] = ContextVar("mulligan.testing.virtual_time", default=None)


class _Scoped(SystemClock):
    """The virtual clock where one is installed in this context, and the system's elsewhere."""

    __slots__ = ()

    def monotonic(self) -> float:
        """Answer the instant in seconds."""
        virtual = _current.get()
        return super().monotonic() if virtual is None else virtual.monotonic()

    def sleep(self, seconds: float, /) -> None:
        """Let the time pass."""
        virtual = _current.get()
        return super().sleep(seconds) if virtual is None else virtual.sleep(seconds)

    async def sleep_async(self, seconds: float, /) -> None:
        """Let the time pass."""
        virtual = _current.get()
        if virtual is None:
            await super().sleep_async(seconds)
        else:
            await virtual.sleep_async(seconds)


def instant() -> float:
    """Answer the instant that synchronous code sees, in seconds."""
    virtual = _current.get()
    return SystemClock().monotonic() if virtual is None else virtual.monotonic()


def instant_async() -> float:
    """Answer the instant that asynchronous code sees, in seconds."""
    virtual = _current.get()
    return running_loop().time() if virtual is None else virtual.monotonic()


def spend(seconds: float) -> None:
    """Let an operation take that long in synchronous code.

    Args:
        seconds: how long; in virtual time nobody waits, and the clock's `sleeps` don't hold it.
    """
    virtual = _current.get()
    if virtual is not None:
        virtual.advance(seconds)
    elif seconds > 0:
        SystemClock().sleep(seconds)


async def spend_async(seconds: float) -> None:
    """Let an operation take that long in asynchronous code.

    Args:
        seconds: how long; in virtual time nobody waits, and the clock's `sleeps` don't hold it.
    """
    virtual = _current.get()
    await (running_loop().sleep(seconds) if virtual is None else virtual.advance_async(seconds))


_SCOPED: Clock = _Scoped()
_scopes = 0
_lock = Lock()


@contextmanager
def virtual_time(clock: VirtualClock | None = None, *, foreign: bool = False) -> Generator[VirtualClock, None, None]:
    """Let every execution of this context sleep in virtual time.

    Args:
        clock: the clock to install; a fresh one where it is left out.
        foreign: whether code that isn't mulligan's does so too, where it calls `time.sleep`, `time.monotonic` or
            `time.time` by these names in synchronous code of this context: a loop that is to be migrated, another
            library.

    >>> from mulligan import Policy, constant, try_execute
    >>> with virtual_time() as clock:
    ...     answer = try_execute(Policy(retry_on=ValueError, schedule=constant(60)), int, "x")
    >>> clock.sleeps, answer.elapsed
    ([60.0, 60.0], 120.0)
    >>> import time
    >>> with virtual_time(foreign=True) as clock:
    ...     before = time.monotonic()
    ...     time.sleep(3600)
    ...     time.monotonic() - before
    3600.0
    """
    clock = VirtualClock() if clock is None else clock
    token = _current.set(clock)
    _count(+1)
    try:
        with taken_over(_current.get) if foreign else nullcontext():
            yield clock
    finally:
        _count(-1)
        _current.reset(token)


def _count(change: int) -> None:
    global _scopes  # noqa: PLW0603 - the system's clock comes back when the last scope ends
    with _lock:
        _scopes += change
        clocks.installed = _SCOPED if _scopes else None
