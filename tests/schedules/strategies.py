"""What the laws draw: the kit's strategies, and somebody's own schedule beside them."""

from __future__ import annotations

from hypothesis import strategies as st

from mulligan.schedules import BaseSchedule, max_of, min_of
from mulligan.testing.strategies import combined, durations, families, jitters

SEEDS = st.integers(min_value=-(2**70), max_value=2**70)
COUNTS = st.integers(min_value=0, max_value=9)
DURATIONS = durations(1e9)


class Zigzag(BaseSchedule):
    """Somebody's own schedule: it reads its previous delay and ends by itself."""

    high: float

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        if retry > 6:
            return None
        return self.high if previous is None or previous < self.high else self.high / 2


OWN: st.SearchStrategy[BaseSchedule] = st.floats(0.001, 100).map(lambda high: Zigzag(high=high))
FAMILIES = families()
EXTREMES = {"max_of": max_of, "min_of": min_of}
ANY_JITTER = jitters()
BACKOFFS = st.one_of(*(family for name, family in FAMILIES.items() if name != "decorrelated"), OWN)
"""Schedules without draws: they may be capped and jittered."""

SCHEDULES = st.recursive(BACKOFFS | FAMILIES["decorrelated"], combined, max_leaves=4)
"""Any schedule."""
FINITE = st.builds(BaseSchedule.take, SCHEDULES, COUNTS)
