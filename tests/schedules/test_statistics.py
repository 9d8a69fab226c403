"""The draws are distributed as the formulas say, over fixed seeds."""

from __future__ import annotations

from itertools import islice, pairwise
from statistics import fmean

import pytest

from mulligan.schedules import (
    BaseSchedule,
    additive_jitter,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    full_jitter,
    max_of,
    proportional_jitter,
    uniform,
)

RUNS = 20_000


def sampled(schedule: BaseSchedule, retry: int) -> float:
    return fmean(next(islice(schedule.delays(seed=seed), retry - 1, None)) for seed in range(RUNS))


@pytest.mark.parametrize(
    ("schedule", "retry", "expected"),
    [
        (exponential(1, cap=3).jittered(full_jitter()), 3, 1.5),
        (exponential(1, cap=3).jittered(equal_jitter()), 3, 2.25),
        (exponential(1, cap=3).jittered(proportional_jitter(0.5)), 3, 3.0),
        (exponential(1, cap=3).jittered(additive_jitter(1)), 3, 3.5),
        (decorrelated(1), 1, 2.0),
        (decorrelated(1), 4, 2 * 1.5**4 - 1),
    ],
    ids=repr,
)
def test_the_exact_mean_is_the_mean_of_the_draws(schedule: BaseSchedule, retry: int, expected: float) -> None:
    mean = schedule.mean(retry)[-1]
    assert mean.exact
    assert mean.value == pytest.approx(expected)
    assert sampled(schedule, retry) == pytest.approx(expected, rel=0.02)


def test_an_estimate_says_so_and_is_close() -> None:
    schedule = decorrelated(1, cap=8)
    assert [mean.exact for mean in schedule.mean(4)] == [True, False, False, False]
    assert schedule.mean(4)[3].value == pytest.approx(sampled(schedule, 4), rel=0.05)


def test_decorrelated_jitter_crowds_at_its_cap() -> None:
    """A third of the steady-state delays sit at a cap of 64 times the base; a capped full jitter has no such crowd."""
    schedule = decorrelated(1, cap=64)
    drawn = list(islice(schedule.delays(seed=1), 20_000))
    assert drawn.count(64.0) / len(drawn) == pytest.approx(0.335, abs=0.02)
    full = list(islice(constant(64).jittered(full_jitter()).delays(seed=1), 20_000))
    assert full.count(64.0) == 0


def test_draws_are_even_and_independent_over_retries_and_seeds() -> None:
    by_retry = [uniform(7, retry) for retry in range(1, RUNS + 1)]
    by_seed = [uniform(seed, 1) for seed in range(RUNS)]
    for draws in (by_retry, by_seed):
        assert fmean(draws) == pytest.approx(0.5, abs=0.01)
        assert fmean(draw**2 for draw in draws) == pytest.approx(1 / 3, abs=0.01)
        pairs = pairwise(draws)
        assert fmean(a * b for a, b in pairs) == pytest.approx(0.25, abs=0.01)


def test_the_longest_of_two_jittered_shares_the_draw() -> None:
    both = max_of(constant(1).jittered(full_jitter()), constant(3).jittered(full_jitter()))
    assert sampled(both, 1) == pytest.approx(1.5, rel=0.02)
