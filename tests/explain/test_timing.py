"""Worst case and reach of the timeout, against executions that are played."""

from __future__ import annotations

from itertools import product
from math import inf
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mulligan import (
    UNLIMITED,
    Policy,
    Reason,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    from_delays,
    full_jitter,
    no_delay,
)
from mulligan.explain import Conditions, Figure
from mulligan.explain.timing import timing
from mulligan.testing.strategies import schedules
from tests.explain.samples import play

if TYPE_CHECKING:
    from mulligan.schedules import BaseSchedule, Jitter

LATENCIES = st.floats(0, 4)
LIMITS = st.none() | st.floats(0.01, 20)
STEPS = 8


@given(schedules(longest=100), st.integers(1, 6), LIMITS, LIMITS, LATENCIES)
def test_no_execution_is_longer_or_makes_another_number_of_attempts(
    schedule: BaseSchedule, attempts: int, timeout: float | None, stop_after: float | None, latency: float
) -> None:
    policy = Policy(
        retry_on=ConnectionError, schedule=schedule, max_attempts=attempts, timeout=timeout, stop_after=stop_after
    )
    conditions = Conditions(failure_rate=1, latency=latency)
    found = timing(policy, conditions)
    for seed in range(20):
        played = play(policy, conditions, seed)
        left = played.attempts <= len(schedule.bounds(attempts - 1))
        limited = left and played.reason in {Reason.TIMEOUT, Reason.STOP_AFTER}
        assert played.elapsed <= found.worst_case.value + 1e-6
        assert found.fewest <= played.attempts <= found.most
        assert found.timeout in ({"possible", "always"} if limited else {"possible", "never", "no timeout"})


@settings(max_examples=40)
@given(
    st.lists(st.floats(0, 4), min_size=1, max_size=3),
    st.sampled_from([full_jitter(), equal_jitter()]),
    st.floats(0.5, 12),
    st.floats(0.5, 12) | st.none(),
    st.sampled_from([0.0, 0.3, 1.0]),
)
def test_the_worst_case_is_what_some_draws_come_near(
    delays: list[float], jitter: Jitter, timeout: float, stop_after: float | None, latency: float
) -> None:
    """Every path on a grid of draws is played; the grid's step says how near one of them must come."""
    schedule = from_delays(delays).jittered(jitter)
    policy = Policy(
        retry_on=ConnectionError, schedule=schedule, max_attempts=UNLIMITED, timeout=timeout, stop_after=stop_after
    )
    conditions = Conditions(failure_rate=1, latency=latency)
    found = timing(policy, conditions)
    grid = [[bound.at(step / STEPS) for step in range(STEPS + 1)] for bound in schedule.bounds(3)]
    played = [play(policy.replace(schedule=from_delays(path)), conditions, 0) for path in product(*grid)]
    assert found.worst_case.exact
    assert max(each.elapsed for each in played) >= found.worst_case.value - 2 * max(delays) / STEPS - 1e-9
    assert max(each.attempts for each in played) == found.most


FIXED = Policy(retry_on=ConnectionError, schedule=constant(1), max_attempts=4)


@pytest.mark.parametrize(
    ("policy", "latency", "worst", "attempts", "reach"),
    [
        (FIXED, 0.5, Figure(5.0, exact=True), (4, 4), "no timeout"),
        (FIXED.replace(timeout=60), 0.5, Figure(5.0, exact=True), (4, 4), "never"),
        (FIXED.replace(timeout=3), 0.5, Figure(2.0, exact=True), (2, 2), "always"),
        (FIXED.replace(timeout=3.01), 0.5, Figure(3.5, exact=True), (3, 3), "always"),
        (FIXED.replace(stop_after=2), 0.5, Figure(2.0, exact=True), (2, 2), "always"),
        (FIXED.replace(stop_after=2.01), 0.5, Figure(3.5, exact=True), (3, 3), "always"),
        (FIXED.replace(attempt_timeout=0.25), 0.5, Figure(4.0, exact=True), (4, 4), "no timeout"),
        (
            FIXED.replace(attempt_timeout=0.25, attempt_timeout_mode="advise"),
            0.5,
            Figure(5.0, exact=True),
            (4, 4),
            "no timeout",
        ),
        (FIXED.replace(max_attempts=1), 0.5, Figure(0.5, exact=True), (1, 1), "no timeout"),
        (FIXED.replace(schedule=from_delays([1])), 0, Figure(1.0, exact=True), (2, 2), "no timeout"),
        (FIXED.replace(max_attempts=UNLIMITED), 0, Figure(inf, exact=True), (inf, inf), "no timeout"),
        (FIXED.replace(max_attempts=UNLIMITED, timeout=10), 0, Figure(9.0, exact=True), (10, 10), "always"),
        (
            FIXED.replace(max_attempts=UNLIMITED, schedule=exponential(1).jittered(full_jitter()), timeout=9),
            0,
            Figure(9.0, exact=False),
            (4, inf),
            "possible",
        ),
        (
            FIXED.replace(max_attempts=UNLIMITED, schedule=no_delay(), timeout=9),
            0,
            Figure(9.0, exact=False),
            (inf, inf),
            "never",
        ),
        (FIXED.replace(schedule=decorrelated(1)), 0, Figure(39.0, exact=False), (4, 4), "no timeout"),
    ],
)
def test_the_limits_are_those_of_decide(
    policy: Policy[object], latency: float, worst: Figure, attempts: tuple[float, float], reach: str
) -> None:
    found = timing(policy, Conditions(latency=latency))
    assert (found.worst_case, (found.fewest, found.most), found.timeout) == (worst, attempts, reach)
