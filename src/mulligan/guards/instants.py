"""Which instant it is to a guard, so that threads and tasks that share one agree.

Rules: guards go by `time.monotonic`, by the loop's time in asyncio (which is the same, or virtual), and by an installed
or given clock. trio's own clock counts from somewhere else and is not used; a clock that somebody gave to trio is.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from mulligan import clock as clocks
from mulligan._event_loops import running_loop
from mulligan.clock import LoopClock

if TYPE_CHECKING:
    from mulligan.clock import Clock

__all__ = ["here", "instant"]


def instant(clock: Clock | None) -> float:
    """Answer the instant in seconds.

    Args:
        clock: the clock of an execution, `None` where it has none of its own.
    """
    if clock is None:
        clock = clocks.installed
    if clock is None:
        return time.monotonic()
    return clock.loop.instant() if isinstance(clock, LoopClock) else clock.monotonic()


def here() -> float:
    """Answer the instant in seconds to whoever asks outside of an execution, in an event loop or not."""
    if clocks.installed is None and ("asyncio" in sys.modules or "trio" in sys.modules):
        try:
            return running_loop().instant()
        except RuntimeError:
            return time.monotonic()  # no loop runs
    return instant(None)
