"""Any schedule, as Hypothesis draws it: a row for each family and each kind of jitter, and every combination."""

from __future__ import annotations

from hypothesis import strategies as st

from mulligan.schedules import (
    BaseSchedule,
    Jitter,
    additive_jitter,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    fibonacci,
    from_delays,
    full_jitter,
    linear,
    max_of,
    min_of,
    no_delay,
    proportional_jitter,
)

SEEDS = st.integers(min_value=-(2**70), max_value=2**70)
COUNTS = st.integers(min_value=0, max_value=9)
DURATIONS = st.one_of(
    st.sampled_from([0.0, 5e-324, 1e-9, 0.1, 1.0, 1e9]), st.floats(min_value=0, max_value=1e9), st.floats(0, 10)
)
FACTORS = st.one_of(st.sampled_from([1e-300, 0.5, 1.0, 2.0, 1e300]), st.floats(min_value=0.01, max_value=1e6))
RATIOS = st.floats(min_value=0, max_value=1)


class Zigzag(BaseSchedule):
    """Somebody's own schedule: it reads its previous delay and ends by itself."""

    high: float

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        if retry > 6:
            return None
        return self.high if previous is None or previous < self.high else self.high / 2


def _with_cap(base: float) -> st.SearchStrategy[tuple[float, float | None]]:
    return st.tuples(st.just(base), st.none() | st.floats(min_value=base, max_value=1e9))


def _linear(base: tuple[float, float | None], step: float | None) -> BaseSchedule:
    return linear(base[0], step=step, cap=base[1])


def _exponential(base: tuple[float, float | None], factor: float) -> BaseSchedule:
    return exponential(base[0], factor=factor, cap=base[1])


def _capped(schedule: BaseSchedule, cap: float) -> BaseSchedule:
    return schedule if schedule.is_jittered else schedule.capped(cap)


def _jittered(schedule: BaseSchedule, kind: Jitter) -> BaseSchedule:
    return schedule if schedule.is_jittered else schedule.jittered(kind)


def _in_a_row(first: BaseSchedule, other: BaseSchedule, n: int, total: float | None) -> BaseSchedule:
    return (first if total is None else first.within(total)).take(n).then(other)


BASE_AND_CAP = DURATIONS.flatmap(_with_cap)

FIXED: dict[str, st.SearchStrategy[BaseSchedule]] = {
    "constant": DURATIONS.map(constant),
    "no_delay": st.just(no_delay()),
    "linear": st.builds(_linear, BASE_AND_CAP, st.none() | DURATIONS),
    "exponential": st.builds(_exponential, BASE_AND_CAP, FACTORS),
    "fibonacci": BASE_AND_CAP.map(lambda b: fibonacci(b[0], cap=b[1])),
    "from_delays": st.lists(DURATIONS, max_size=6).map(from_delays),
}
DRAWN: dict[str, st.SearchStrategy[BaseSchedule]] = {
    "decorrelated": BASE_AND_CAP.map(lambda b: decorrelated(b[0], cap=b[1])),
}
OWN: st.SearchStrategy[BaseSchedule] = st.floats(0.001, 100).map(lambda high: Zigzag(high=high))
JITTERS: dict[str, st.SearchStrategy[Jitter]] = {
    "full_jitter": st.just(full_jitter()),
    "equal_jitter": st.just(equal_jitter()),
    "proportional_jitter": RATIOS.map(proportional_jitter),
    "additive_jitter": DURATIONS.map(additive_jitter),
}
EXTREMES = {"max_of": max_of, "min_of": min_of}

ANY_JITTER = st.one_of(*JITTERS.values())
BACKOFFS = st.one_of(*FIXED.values(), OWN)
"""Schedules without draws: they may be capped and jittered."""


def combine(schedules: st.SearchStrategy[BaseSchedule]) -> st.SearchStrategy[BaseSchedule]:
    """Draw a combination of schedules."""
    return st.one_of(
        st.builds(BaseSchedule.take, schedules, COUNTS),
        st.builds(_in_a_row, schedules, schedules, COUNTS, st.none() | DURATIONS),
        st.builds(BaseSchedule.within, schedules, DURATIONS),
        st.builds(_capped, schedules, DURATIONS),
        st.builds(_jittered, schedules, ANY_JITTER),
        st.builds(max_of, schedules, schedules),
        st.builds(min_of, schedules, schedules),
    )


SCHEDULES = st.recursive(BACKOFFS | st.one_of(*DRAWN.values()), combine, max_leaves=4)
"""Any schedule."""
UNJITTERED = SCHEDULES.filter(lambda schedule: not schedule.is_jittered)
FINITE = st.builds(BaseSchedule.take, SCHEDULES, COUNTS)
