"""Bounds, means and lengths of combinations, beyond what the laws say."""

from __future__ import annotations

from math import inf

import pytest

from mulligan.schedules import (
    BaseSchedule,
    Bounds,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    from_delays,
    full_jitter,
    linear,
    max_of,
    min_of,
    no_delay,
)
from tests.schedules.strategies import Zigzag

NOISE = constant(4).jittered(full_jitter())


def bounds(schedule: BaseSchedule, n: int) -> list[tuple[float, float]]:
    return [(bound.least, bound.greatest) for bound in schedule.bounds(n)]


def test_the_mean_of_a_sequence_is_exact_where_its_parts_are() -> None:
    schedule = no_delay().take(1).then(NOISE.take(2)).then(decorrelated(1))
    assert [(mean.value, mean.exact) for mean in schedule.mean(5)] == [
        (0, True),
        (2, True),
        (2, True),
        (2, True),
        (3.5, True),
    ]


def test_bounds_are_joined_where_the_end_of_a_part_depends_on_draws() -> None:
    """The total of 7 s lets one delay of at most 4 s through for sure; after that the constant may have its turn."""
    schedule = NOISE.within(7).then(constant(9))
    assert bounds(schedule, 3) == [(0, 4), (0, 9), (0, 9)]
    assert schedule.surely(3) == 3
    assert schedule.length == inf


def test_bounds_within_a_total_shrink_to_what_is_left() -> None:
    schedule = constant(4).jittered(equal_jitter()).within(7)
    assert bounds(schedule, 9) == [(2, 4), (2, 4), (2, 3)]
    assert schedule.surely(9) == 1
    assert schedule.length is None
    assert [mean.exact for mean in schedule.mean(9)] == [False, False, False]


def test_the_mean_within_a_total_is_exact_as_long_as_no_draw_can_end_it() -> None:
    assert [(mean.value, mean.exact) for mean in NOISE.take(2).within(8).mean(9)] == [(2, True), (2, True)]


def test_min_of_is_bounded_by_what_surely_goes_on() -> None:
    assert bounds(min_of(from_delays([3]), constant(5)), 2) == [(3, 3), (5, 5)]
    assert bounds(min_of(NOISE.within(1), constant(5)), 2) == [(0, 5), (0, 5)]
    assert bounds(min_of(NOISE, linear(1)), 3) == [(0, 1), (0, 2), (0, 3)]


def test_the_jitter_of_somebodys_own_schedule_is_an_estimate() -> None:
    mean = Zigzag(high=4.0).jittered(full_jitter()).mean(2)
    assert [one.exact for one in mean] == [False, False]
    assert mean[0].value == pytest.approx(2, rel=0.1)


def test_lengths() -> None:
    assert from_delays([1, 2]).then(from_delays([3])).length == 3
    assert from_delays([1, 2]).then(Zigzag(high=1.0)).length is None
    assert max_of(from_delays([1, 2]), constant(1)).length == 2
    assert min_of(from_delays([1, 2]), constant(1)).length == inf
    assert min_of(from_delays([1, 2]), from_delays([1])).length == 2
    assert Zigzag(high=1.0).take(0).length == 0


def test_a_sequence_draws_again_when_it_is_jittered_as_a_whole() -> None:
    schedule = from_delays([1, 2]).then(Zigzag(high=4.0)).jittered(full_jitter())
    walked = list(schedule.delays(seed=5))
    assert len(walked) == 8
    assert [schedule.delay(retry, 5, None) for retry in range(1, 10)] == [*walked, None]


def test_a_mean_over_thousands_of_delays_is_still_an_estimate() -> None:
    means = decorrelated(1, cap=8).mean(1_000)
    assert len(means) == 1_000
    assert not means[-1].exact


def test_an_even_draw_stays_below_its_greatest() -> None:
    assert Bounds(0.1, 0.3).at(0.9999999999999999) <= 0.3
    assert exponential(1).bounds(0) == ()


def test_decorrelated_means_without_a_spread_are_exact() -> None:
    for schedule in (decorrelated(0), decorrelated(2, cap=2)):
        assert all(mean.exact for mean in schedule.mean(3))
    assert [mean.value for mean in decorrelated(0, cap=5).mean(2)] == [0, 0]
    assert not decorrelated(2, cap=3).mean(1)[0].exact
