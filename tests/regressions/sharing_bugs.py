"""Bugs of other retry libraries with what is shared or kept: objects, threads, frames, hooks."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from typing import TYPE_CHECKING

import stamina
import tenacity
from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

from mulligan import (
    Execution,
    attempts,
    retry,
)
from mulligan.testing import run_virtual
from tests.regressions.bug import POLICY, RETRYING, THRICE, Bug, counting, fails

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SHARING_BUGS"]


def tenacity_swallows() -> bool:
    async def work(retrying: tenacity.AsyncRetrying, seconds: float, *, fails: bool) -> str:
        async for attempt in retrying:
            with attempt:
                await asyncio.sleep(seconds)
                if fails:
                    raise ConnectionError
        return "fell through"

    async def main() -> bool:
        shared = tenacity.AsyncRetrying(stop=THRICE, wait=tenacity.wait_fixed(0.005), reraise=True)
        works = (work(shared, 0.005 * (n + 1), fails=n != 1) for n in range(3))
        ended = await asyncio.gather(*works, return_exceptions=True)
        return "fell through" in (ended[0], ended[2])

    return run_virtual(main)


def ours_swallows() -> bool:
    shared = attempts(POLICY)

    async def work(seconds: float, *, fails: bool) -> str:
        async for attempt in shared:
            with attempt:
                await asyncio.sleep(seconds)
                if fails:
                    raise ConnectionError
        return "fell through"

    async def main() -> bool:
        ended = await asyncio.gather(*(work(0.005 * (n + 1), fails=n != 1) for n in range(3)), return_exceptions=True)
        return [type(end) for end in ended] != [ConnectionError, str, ConnectionError]

    return run_virtual(main)


def threads_lose_the_error(operation: Callable[[], None]) -> bool:
    """Tell whether another error than the operation's own comes out when threads share a decorated function."""
    others: list[BaseException] = []

    def hammer() -> None:
        for _ in range(500):
            try:
                operation()
            except ConnectionError:
                continue
            except KeyError as error:
                others.append(error)
                return

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)
    return bool(others)


def tenacity_loses_the_error() -> bool:
    """Hammer until it shows: it is a race, and a busy machine may run the threads one after the other."""
    return any(threads_lose_the_error(tenacity.retry(stop=THRICE, reraise=True)(counting([]))) for _ in range(20))


def ours_loses_the_error() -> bool:
    return threads_lose_the_error(retry(POLICY)(counting([])))


class Canary:
    """Lives as long as the frame that holds it."""


def a_frame_stays_alive(run: Callable[[Callable[[], None]], None]) -> bool:
    """Tell whether a frame of the operation is alive after its error was dropped, with the collector off."""
    canaries: list[weakref.ref[Canary]] = []

    def operation() -> None:
        canary = Canary()
        canaries.append(weakref.ref(canary))
        raise ConnectionError

    gc.disable()
    try:
        run(operation)
        return any(canary() is not None for canary in canaries)
    finally:
        gc.enable()


def by_tenacity(operation: Callable[[], None]) -> None:
    fails(tenacity.retry(stop=THRICE, reraise=True)(operation))


def by_stamina(operation: Callable[[], None]) -> None:
    fails(stamina.retry(on=ConnectionError, attempts=2, wait_initial=0, wait_max=0, wait_jitter=0)(operation))


def by_retrying(operation: Callable[[], None]) -> None:
    fails(RETRYING(stop_max_attempt_number=2)(operation))


def by_us(operation: Callable[[], None]) -> None:
    fails(retry(POLICY)(operation))


class Hook:
    """A hook that is a context manager and counts how often each call of it is left."""

    def __init__(self, exits: list[int], retry_number: int) -> None:
        self.exits = exits
        self.retry_number = retry_number

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self.exits.append(self.retry_number)


def stamina_exits_its_hooks_again() -> bool:
    exits: list[int] = []
    hooks = get_on_retry_hooks()
    wrap = stamina.retry(on=ConnectionError, attempts=3, wait_initial=0, wait_max=0, wait_jitter=0)
    set_on_retry_hooks([lambda details: Hook(exits, details.retry_num)])
    try:
        fails(wrap(counting([])))
    finally:
        set_on_retry_hooks(hooks)
    return exits != [1, 2]


def ours_tells_its_observers_again() -> bool:
    seen: list[int] = []
    fails(lambda: Execution(POLICY, on_retry=lambda event: seen.append(event.attempt)).run(counting([])))
    return seen != [1, 2]


SHARING_BUGS = (
    Bug(
        what="tasks that share a retrying object swallow each other's failures",
        library="tenacity",
        original=tenacity_swallows,
        ours=ours_swallows,
    ),
    Bug(
        what="threads that share a decorated function get a KeyError for the operation's error",
        library="tenacity",
        original=tenacity_loses_the_error,
        ours=ours_loses_the_error,
    ),
    Bug(
        what="a frame of the operation stays alive after its error was dropped",
        library="tenacity",
        original=lambda: a_frame_stays_alive(by_tenacity),
        ours=lambda: a_frame_stays_alive(by_us),
    ),
    Bug(
        what="a frame of the operation stays alive after its error was dropped",
        library="stamina",
        original=lambda: a_frame_stays_alive(by_stamina),
        ours=lambda: a_frame_stays_alive(by_us),
    ),
    Bug(
        what="a frame of the operation stays alive after its error was dropped",
        library="retrying",
        original=lambda: a_frame_stays_alive(by_retrying),
        ours=lambda: a_frame_stays_alive(by_us),
    ),
    Bug(
        what="a hook's context manager is left once more at each later attempt",
        library="stamina",
        original=stamina_exits_its_hooks_again,
        ours=ours_tells_its_observers_again,
    ),
)
