"""Bound the seconds that work in this process takes.

Rules: by the interval timer of the process, in its main thread; elsewhere (other threads, Windows) there is no bound.
What runs past it is stopped by an exception that no `except Exception` catches. Compiled code is stopped when it
returns.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

__all__ = ["Overdue", "at_most"]


class Overdue(BaseException):
    """Stop work that takes too long; no error, because a stage's `except Exception` must not catch it."""


@contextmanager
def at_most(seconds: float) -> Generator[None]:
    """Raise `Overdue` inside the block when it takes longer.

    Raises:
        Overdue: it did.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Overdue

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
