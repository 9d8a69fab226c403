"""The module `time` in virtual time, for code that isn't mulligan's.

Rules: only who runs in the context of a virtual clock sees it; everybody else gets the functions that stood there
before, which come back when the last one leaves.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import SupportsIndex

    from mulligan.clock import Clock

__all__ = ["taken_over"]

_lock = threading.Lock()
_users = 0
_before: tuple[Callable[[float | SupportsIndex], None], Callable[[], float], Callable[[], float]] = (
    time.sleep,
    time.monotonic,
    time.time,
)


@contextmanager
def taken_over(clock: Callable[[], Clock | None]) -> Generator[None, None, None]:
    """Let `time` go by a virtual clock.

    Args:
        clock: answers the clock of the context that asks, `None` where it has none.
    """
    _enter(clock)
    try:
        yield
    finally:
        _leave()


def _enter(clock: Callable[[], Clock | None]) -> None:
    global _users, _before  # noqa: PLW0603 - a module's functions are replaced for the whole process
    with _lock:
        _users += 1
        if _users == 1:
            _before = time.sleep, time.monotonic, time.time
            time.sleep, time.monotonic, time.time = _replaced(clock, *_before)


def _leave() -> None:
    global _users  # noqa: PLW0603 - as above
    with _lock:
        _users -= 1
        if _users == 0:
            time.sleep, time.monotonic, time.time = _before


def _replaced(
    clock: Callable[[], Clock | None],
    asleep: Callable[[float | SupportsIndex], None],
    monotonic: Callable[[], float],
    wall: Callable[[], float],
) -> tuple[Callable[[float | SupportsIndex], None], Callable[[], float], Callable[[], float]]:
    epoch = wall()

    def sleep(seconds: float | SupportsIndex, /) -> None:
        virtual = clock()
        if virtual is None:
            asleep(seconds)
        elif float(seconds) < 0:
            raise ValueError("sleep length must be non-negative")
        else:
            virtual.sleep(float(seconds))

    def instant() -> float:
        virtual = clock()
        return monotonic() if virtual is None else virtual.monotonic()

    def now() -> float:
        virtual = clock()
        return wall() if virtual is None else epoch + virtual.monotonic()

    return sleep, instant, now
