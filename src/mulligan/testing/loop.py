"""An asyncio event loop whose time jumps whenever every task waits.

Rules: what is ready runs first; only when nothing is, the time jumps to the next timer. Threads are not waited for: a
timer comes before what a thread is still working on.
"""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["VirtualLoop", "run_virtual"]

P = ParamSpec("P")
R = TypeVar("R")


class _Selector(selectors.DefaultSelector):
    """A selector that lets virtual time pass where it would wait for a timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Answer what is ready; jump where nothing is."""
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio event loop in virtual time, which starts at 0."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Answer the virtual instant in seconds."""
        return self._virtual.now

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002
        """Wait for the threads without a timeout, which would be over at once in virtual time."""
        await super().shutdown_default_executor()


def run_virtual(fn: Callable[P, Coroutine[object, object, R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run an async function as `asyncio.run` does, in virtual time.

    Args:
        fn: the function.
        args: passed to the function.
        kwargs: passed to the function.

    >>> async def nap() -> float:
    ...     await asyncio.sleep(3600)
    ...     return asyncio.get_running_loop().time()
    >>> round(run_virtual(nap))
    3600
    """
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(fn(*args, **kwargs))
