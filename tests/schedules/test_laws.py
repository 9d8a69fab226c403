"""The laws of the algebra, one line a law: both sides give the same delays, bit for bit."""

from __future__ import annotations

import copy
import math
import pickle
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mulligan import schedules
from mulligan.schedules import BaseSchedule, from_delays, full_jitter, max_of, min_of, no_delay
from tests.schedules.strategies import ANY_JITTER, BACKOFFS, COUNTS, DURATIONS, FINITE, SCHEDULES, SEEDS, Zigzag

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.schedules import Jitter

    Sides = tuple[BaseSchedule, BaseSchedule]
    Case = tuple[BaseSchedule, BaseSchedule, BaseSchedule, int, int]
    Law = Callable[[BaseSchedule, BaseSchedule, BaseSchedule, int, int], Sides]
    BackoffCase = tuple[BaseSchedule, BaseSchedule, float, float, Jitter]
    BackoffLaw = Callable[[BaseSchedule, BaseSchedule, float, float, Jitter], Sides]

EMPTY = from_delays([])
SHOWN = 12


def delays(schedule: BaseSchedule, seed: int, n: int = SHOWN) -> list[float]:
    return list(islice(schedule.delays(seed=seed), n))


LAWS: dict[str, Law] = {
    "take keeps the least": lambda a, b, c, m, n: (a.take(m).take(n), a.take(min(m, n))),
    "then is associative": lambda a, b, c, m, n: (
        a.take(m).then(b.take(n)).then(c),
        a.take(m).then(b.take(n).then(c)),
    ),
    "then has a neutral element before": lambda a, b, c, m, n: (EMPTY.then(a), a),
    "then has a neutral element after": lambda a, b, c, m, n: (a.take(n).then(EMPTY), a.take(n)),
    "taking is splitting": lambda a, b, c, m, n: (no_delay().take(n).then(a).take(n), no_delay().take(n)),
    "within keeps the least": lambda a, b, c, m, n: (a.within(m).within(n), a.within(min(m, n))),
    "max_of is commutative": lambda a, b, c, m, n: (max_of(a, b), max_of(b, a)),
    "min_of is commutative": lambda a, b, c, m, n: (min_of(a, b), min_of(b, a)),
    "max_of is associative": lambda a, b, c, m, n: (max_of(a, max_of(b, c)), max_of(max_of(a, b), c)),
    "min_of is associative": lambda a, b, c, m, n: (min_of(a, min_of(b, c)), min_of(min_of(a, b), c)),
    "max_of is idempotent": lambda a, b, c, m, n: (max_of(a, a), a),
    "min_of is idempotent": lambda a, b, c, m, n: (min_of(a, a), a),
    "max_of absorbs min_of": lambda a, b, c, m, n: (max_of(a, min_of(a, b)), a),
    "min_of absorbs max_of": lambda a, b, c, m, n: (min_of(a, max_of(a, b)), a),
    "max_of distributes": lambda a, b, c, m, n: (max_of(a, min_of(b, c)), min_of(max_of(a, b), max_of(a, c))),
    "max_of has a neutral element": lambda a, b, c, m, n: (max_of(a, no_delay()), a),
    "min_of has a neutral element": lambda a, b, c, m, n: (min_of(a, EMPTY), a),
    "take distributes over max_of": lambda a, b, c, m, n: (max_of(a, b).take(n), max_of(a.take(n), b.take(n))),
    "take distributes over min_of": lambda a, b, c, m, n: (min_of(a, b).take(n), min_of(a.take(n), b.take(n))),
}

CAP_LAWS: dict[str, BackoffLaw] = {
    "capped keeps the least": lambda a, b, c, d, kind: (a.capped(c).capped(d), a.capped(min(c, d))),
    "capped distributes over max_of": lambda a, b, c, d, kind: (
        max_of(a, b).capped(c),
        max_of(a.capped(c), b.capped(c)),
    ),
    "capped distributes over then": lambda a, b, c, d, kind: (
        a.take(3).then(b).capped(c),
        a.take(3).capped(c).then(b.capped(c)),
    ),
    "capped and take commute": lambda a, b, c, d, kind: (a.capped(c).take(4), a.take(4).capped(c)),
    "jittered and take commute": lambda a, b, c, d, kind: (a.jittered(kind).take(4), a.take(4).jittered(kind)),
    "jittered distributes over then": lambda a, b, c, d, kind: (
        a.take(3).then(b).jittered(kind),
        a.take(3).jittered(kind).then(b.jittered(kind)),
    ),
    "full jitter distributes over max_of": lambda a, b, c, d, kind: (
        max_of(a, b).jittered(full_jitter()),
        max_of(a.jittered(full_jitter()), b.jittered(full_jitter())),
    ),
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
@settings(max_examples=40, deadline=None)
@given(case=st.tuples(SCHEDULES, SCHEDULES, SCHEDULES, COUNTS, COUNTS), seed=SEEDS)
def test_law(law: Law, case: Case, seed: int) -> None:
    left, right = law(*case)
    assert delays(left, seed) == delays(right, seed)


@pytest.mark.parametrize("law", CAP_LAWS.values(), ids=CAP_LAWS.keys())
@settings(max_examples=40, deadline=None)
@given(case=st.tuples(BACKOFFS, BACKOFFS, DURATIONS, DURATIONS, ANY_JITTER), seed=SEEDS)
def test_law_of_backoffs(law: BackoffLaw, case: BackoffCase, seed: int) -> None:
    left, right = law(*case)
    assert delays(left, seed) == delays(right, seed)


@given(SCHEDULES, SEEDS)
def test_iteration_and_single_delays_agree(schedule: BaseSchedule, seed: int) -> None:
    walked = delays(schedule, seed)
    before = [None, *walked]
    assert [schedule.delay(retry, seed, before[retry - 1]) for retry in range(1, len(walked) + 1)] == walked


@given(SCHEDULES, SEEDS)
def test_a_delay_without_its_previous_one_is_replayed(schedule: BaseSchedule, seed: int) -> None:
    """A protocol's own `delay` may need `previous`; within `max_of` it always gets its own."""
    wrapped = max_of(schedule, no_delay())
    walked = delays(wrapped, seed)
    assert [wrapped.delay(retry, seed, None) for retry in range(1, len(walked) + 1)] == walked


@given(SCHEDULES, SEEDS)
def test_the_same_seed_gives_the_same_delays(schedule: BaseSchedule, seed: int) -> None:
    assert delays(schedule, seed) == delays(schedule, seed) == delays(schedule, seed + 2**64)


@given(SCHEDULES, SEEDS, COUNTS)
def test_take_yields_at_most_n(schedule: BaseSchedule, seed: int, n: int) -> None:
    assert len(list(schedule.take(n).delays(seed=seed))) <= n


@given(SCHEDULES, SEEDS, DURATIONS)
def test_within_stays_within(schedule: BaseSchedule, seed: int, total: float) -> None:
    assert sum(delays(schedule.within(total), seed)) <= total + 1e-9 + total * 1e-12


@given(SCHEDULES, SEEDS)
def test_bounds_contain_every_delay(schedule: BaseSchedule, seed: int) -> None:
    given_delays, bounds = delays(schedule, seed), schedule.bounds(SHOWN)
    assert schedule.surely(SHOWN) <= len(given_delays) <= len(bounds) <= SHOWN
    for delay, bound in zip(given_delays, bounds, strict=False):
        slack = 1e-9 + abs(bound.greatest) * 1e-12 if math.isfinite(bound.greatest) else 0
        assert bound.least - slack <= delay <= bound.greatest + slack


@given(SCHEDULES, SEEDS)
def test_the_length_is_the_number_of_delays(schedule: BaseSchedule, seed: int) -> None:
    if schedule.length is not None:
        assert len(delays(schedule, seed)) == min(SHOWN, schedule.length) == schedule.surely(SHOWN)


@settings(max_examples=15, deadline=None)
@given(SCHEDULES)
def test_means_lie_within_bounds(schedule: BaseSchedule) -> None:
    bounds, means = schedule.bounds(4), schedule.mean(4)
    assert len(means) == len(bounds)
    for mean, bound in zip(means, bounds, strict=True):
        slack = 1e-9 + abs(mean.value) * 1e-9
        assert bound.least - slack <= mean.value <= bound.greatest + slack


@given(SCHEDULES)
def test_the_repr_evaluates_back(schedule: BaseSchedule) -> None:
    names = {name: getattr(schedules, name) for name in schedules.__all__}
    assert eval(repr(schedule), {**names, "Zigzag": Zigzag}) == schedule  # noqa: S307 - our own repr


@given(SCHEDULES)
def test_schedules_are_values(schedule: BaseSchedule) -> None:
    restored = pickle.loads(pickle.dumps(schedule))  # noqa: S301 - our own bytes
    assert restored == copy.deepcopy(schedule) == schedule
    assert hash(restored) == hash(schedule)


@settings(max_examples=30, deadline=None)
@given(SCHEDULES, SEEDS)
def test_retry_five_thousand_never_overflows(schedule: BaseSchedule, seed: int) -> None:
    delay = max_of(schedule, no_delay()).delay(5_000, seed, None)
    assert delay is None or 0 <= delay <= 3e9


@given(FINITE, SEEDS)
def test_every_schedule_can_be_iterated_without_a_seed(schedule: BaseSchedule, seed: int) -> None:
    assert len(list(schedule)) <= 9


@given(SCHEDULES, SCHEDULES)
def test_unequal_text_means_unequal_values(a: BaseSchedule, b: BaseSchedule) -> None:
    assert (a == b) == (repr(a) == repr(b))
