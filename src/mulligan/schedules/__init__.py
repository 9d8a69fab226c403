"""Schedules: pure values that describe a sequence of delays, and the algebra that combines them.

Rules:
- A delay is a function of schedule, retry number, seed and previous delay, so that iteration, resumption in another
  process and inspection agree; the same seed gives the same delays on every platform and Python version (to 1 ns).
- Values are frozen, hashable, comparable and picklable, and their `repr` evaluates back.
- The cap bounds the backoff before the jitter.
- A value that can't be used is a `ConfigError` at construction; a delay never raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.schedules.base import BaseSchedule
from mulligan.schedules.counter import uniform
from mulligan.schedules.flat import constant, no_delay
from mulligan.schedules.growing import exponential, fibonacci, linear
from mulligan.schedules.inspection import Bounds, Mean
from mulligan.schedules.jitters import Jitter, additive_jitter, equal_jitter, full_jitter, proportional_jitter
from mulligan.schedules.protocol import Schedule

if TYPE_CHECKING:
    from mulligan.schedules.decorrelation import decorrelated
    from mulligan.schedules.extremes import max_of, min_of
    from mulligan.schedules.listed import from_delays
else:
    from mulligan import _later

    # the rarer families are imported when they are first asked for
    __getattr__, __dir__ = _later.served(
        globals(),
        {"decorrelated": "decorrelation", "from_delays": "listed", "max_of": "extremes", "min_of": "extremes"},
    )

__all__ = [
    "BaseSchedule",
    "Bounds",
    "Jitter",
    "Mean",
    "Schedule",
    "additive_jitter",
    "constant",
    "decorrelated",
    "equal_jitter",
    "exponential",
    "fibonacci",
    "from_delays",
    "full_jitter",
    "linear",
    "max_of",
    "min_of",
    "no_delay",
    "proportional_jitter",
    "uniform",
]
