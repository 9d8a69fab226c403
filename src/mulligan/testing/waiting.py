"""When every task of the running event loop waits, which is when a virtual clock may jump.

- trio knows by itself (`trio.testing.wait_all_tasks_blocked`).
- asyncio: a callback that finds itself alone in the loop's queue twice in a row; between the two the loop has
  polled its files and timers. A loop that does not show its queue, such as uvloop's, is given ten rounds.

Rules: sleepers wake in the order of their instants, those of one instant together and in the order in which they lay
down. What real input or output will bring later is not waited for.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sized
from itertools import count
from typing import TYPE_CHECKING, Final

from mulligan._event_loops import TrioLoop, running_loop

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Sleepers"]

_QUIET_ROUNDS: Final = 2
_BLIND_ROUNDS: Final = 10


class Sleepers:
    """Who sleeps on a virtual clock in asynchronous code.

    Args:
        jump: called with the instant that the clock shall go to, in seconds.
    """

    def __init__(self, jump: Callable[[float], None]) -> None:
        self._jump = jump
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._in_trio: list[tuple[float, int]] = []
        self._numbers = count()
        self._jumps = 0
        self._quiet = 0
        self._polling = False

    async def sleep_until(self, instant: float) -> None:
        """Wait until every task waits and this instant is the next.

        Args:
            instant: in seconds of the clock.
        """
        if isinstance(running_loop(), TrioLoop):
            await self._sleep_in_trio(instant)
        else:
            await self._sleep_in_asyncio(instant)

    async def _sleep_in_trio(self, instant: float) -> None:
        from trio.testing import wait_all_tasks_blocked  # noqa: PLC0415 - trio runs already

        entry = (instant, next(self._numbers))
        heapq.heappush(self._in_trio, entry)
        try:
            while True:
                seen = self._jumps
                await wait_all_tasks_blocked()
                if self._in_trio[0] == entry and self._jumps == seen:  # else somebody woke meanwhile and may be busy
                    break
            self._jumps += 1
            self._jump(instant)
        finally:
            self._in_trio.remove(entry)
            heapq.heapify(self._in_trio)

    async def _sleep_in_asyncio(self, instant: float) -> None:
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._asleep, (instant, next(self._numbers), woken))
        self._quiet = 0
        if not self._polling:
            self._polling = True
            loop.call_soon(self._poll, loop)
        await woken

    def _poll(self, loop: asyncio.AbstractEventLoop) -> None:
        queue: object = getattr(loop, "_ready", None)
        waiting, rounds = (len(queue), _QUIET_ROUNDS) if isinstance(queue, Sized) else (0, _BLIND_ROUNDS)
        self._quiet = 0 if waiting else self._quiet + 1
        if self._quiet >= rounds:
            self._wake_next()
        self._polling = bool(self._asleep)
        if self._polling:
            loop.call_soon(self._poll, loop)

    def _wake_next(self) -> None:
        self._quiet = 0
        while self._asleep and self._asleep[0][2].done():
            heapq.heappop(self._asleep)
        if not self._asleep:
            return
        instant = self._asleep[0][0]
        self._jump(instant)
        while self._asleep and self._asleep[0][0] == instant:
            woken = heapq.heappop(self._asleep)[2]
            if not woken.done():
                woken.set_result(None)
