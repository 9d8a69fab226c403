"""Delays by retry: formulas against samples."""

from __future__ import annotations

from itertools import islice, pairwise
from math import sqrt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from mulligan import Policy, constant, decorrelated, exponential, full_jitter, linear, max_of, min_of, no_delay
from mulligan.explain import SHARES, retry_rows
from mulligan.explain.quantiles import even_draws
from mulligan.testing.strategies import schedules

if TYPE_CHECKING:
    from mulligan.schedules import BaseSchedule

RETRIES = 4
SAMPLE = 2_000


@settings(max_examples=30)
@given(schedules(longest=100))
def test_quantiles_by_formula_are_those_of_a_sample(schedule: BaseSchedule) -> None:
    found = even_draws(schedule, RETRIES, SHARES)
    if found is None:
        return
    columns = list(zip(*(islice(schedule.delays(seed=seed), RETRIES) for seed in range(SAMPLE)), strict=True))
    assert len(columns) == len(found)
    for column, quantiles in zip(columns, found, strict=True):
        for share, quantile in zip(SHARES, quantiles, strict=True):
            below = sum(delay < quantile * (1 - 1e-9) - 1e-9 for delay in column) / SAMPLE
            at_most = sum(delay <= quantile * (1 + 1e-9) + 1e-9 for delay in column) / SAMPLE
            error = 6 * sqrt(share * (1 - share) / SAMPLE)
            assert below - error <= share <= at_most + error


@settings(max_examples=50)
@given(schedules(longest=100))
def test_rows_lie_in_their_bounds_and_grow_with_the_share(schedule: BaseSchedule) -> None:
    for row in retry_rows(Policy(retry_on=OSError, schedule=schedule, max_attempts=5), 10):
        line = (row.least, *row.quantiles, row.greatest)
        assert all(left <= right + 1e-6 for left, right in pairwise(line))
        assert row.least - 1e-6 <= row.mean <= row.greatest + 1e-6


JITTERED = exponential(1).jittered(full_jitter())


@pytest.mark.parametrize(
    ("schedule", "exact"),
    [
        (constant(1), True),
        (JITTERED, True),
        (JITTERED.take(9), True),
        (no_delay().take(1).then(JITTERED), True),
        (max_of(JITTERED, constant(1)), True),
        (min_of(JITTERED, linear(1).jittered(full_jitter())), True),
        (decorrelated(1), False),
        (JITTERED.within(2), False),
    ],
)
def test_formulas_are_used_where_they_exist(schedule: BaseSchedule, exact: bool) -> None:
    assert (even_draws(schedule, 3, SHARES) is not None) is exact


def test_policies_and_schedules_say_how_many_rows_there_are() -> None:
    policy = Policy(retry_on=OSError, schedule=constant(1), max_attempts=3)
    assert [len(retry_rows(policy, count)) for count in (1, 9)] == [1, 2]
    assert len(retry_rows(policy.replace(schedule=constant(1).take(1)), 9)) == 1
    assert retry_rows(policy.replace(max_attempts=1), 9) == ()


def test_anyones_own_schedule_is_sampled() -> None:
    class Own:
        def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
            return float(seed % 10) if retry < 3 else None

    rows = retry_rows(Policy(retry_on=OSError, schedule=Own(), max_attempts=9), 9)
    assert [(row.quantiles, row.exact) for row in rows] == [((5.0, 9.0, 9.0), False)] * 2
