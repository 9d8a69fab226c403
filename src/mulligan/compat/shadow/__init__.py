"""Shadow mode: the original decides and sleeps; the engine decides beside it, from the same outcomes.

Rules:
- The operation is called by the original alone, and nobody else sleeps. What is asked about an outcome is asked once:
  the engine takes the original's answer where there is one.
- The engine's decision is made when the original's is known: at its next attempt, or at its end.
- Time is compared within a tolerance, and a limit that lies within it of the instant counts for both.
- Whatever fails on the engine's side is an event; the original's call goes on.
"""

from mulligan.compat.shadow.beside import Beside, described
from mulligan.compat.shadow.engine import Engine
from mulligan.compat.shadow.once import Once
from mulligan.compat.shadow.watching import observed, observed_async, system_time, watch, watch_async

__all__ = [
    "Beside",
    "Engine",
    "Once",
    "described",
    "observed",
    "observed_async",
    "system_time",
    "watch",
    "watch_async",
]
