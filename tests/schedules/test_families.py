"""Each family gives the delays that its source says."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest

from mulligan.schedules import (
    BaseSchedule,
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
    no_delay,
    proportional_jitter,
    uniform,
)
from mulligan.schedules.arguments import LONGEST

GOLDEN: list[tuple[str, BaseSchedule, list[float]]] = [
    # AWS, "Exponential Backoff and Jitter": min(cap, base * 2 ** attempt)
    ("exponential", exponential(0.05, cap=1), [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]),
    # gRPC A6, without its jitter: initialBackoff 0.1s, backoffMultiplier 1.6, maxBackoff 0.5s
    ("exponential", exponential(0.1, factor=1.6, cap=0.5), [0.1, 0.16, 0.256, 0.4096, 0.5]),
    # retrying, wait_incrementing_start=500, wait_incrementing_increment=250 (milliseconds)
    ("linear", linear(0.5, step=0.25), [0.5, 0.75, 1.0, 1.25]),
    ("linear", linear(2), [2, 4, 6]),
    # backoff, fibo(): 1, 1, 2, 3, 5, 8, with max_value=7
    ("fibonacci", fibonacci(1, cap=7), [1, 1, 2, 3, 5, 7, 7]),
    ("constant", constant(timedelta(milliseconds=1500)), [1.5, 1.5]),
    ("no_delay", no_delay(), [0, 0, 0]),
    ("from_delays", from_delays([1, timedelta(minutes=1), 0.5]), [1, 60, 0.5]),
    ("then", no_delay().take(1).then(exponential(1)), [0, 1, 2, 4]),
    ("within", constant(0.1).within(0.3), [0.1, 0.1, 0.1]),
    ("within", exponential(1).within(timedelta(seconds=7)), [1, 2, 4]),
]

# Written down from this implementation, so that no platform and no later version draws otherwise.
FROZEN: list[tuple[BaseSchedule, list[float]]] = [
    (exponential(0.1, cap=10).jittered(full_jitter()), [0.038982975, 0.003357659, 0.360304272, 0.466344234]),
    (exponential(0.1, cap=10).jittered(equal_jitter()), [0.069491487, 0.101678829, 0.380152136, 0.633172117]),
    (constant(1).jittered(proportional_jitter(0.2)), [0.955931899, 0.806715318, 1.160304272, 1.033172117]),
    (constant(1).jittered(additive_jitter(2)), [1.779659497, 1.033576589, 2.801521361, 2.165860586]),
    (decorrelated(1, cap=5), [1.779659497, 1.072844049, 2.998366526, 5.0]),
]


@pytest.mark.parametrize(("family", "schedule", "expected"), GOLDEN)
def test_golden_delays(family: str, schedule: BaseSchedule, expected: list[float]) -> None:
    assert list(islice(schedule.delays(seed=0), len(expected))) == pytest.approx(expected, abs=1e-9), family


@pytest.mark.parametrize(("schedule", "expected"), FROZEN, ids=repr)
def test_frozen_draws(schedule: BaseSchedule, expected: list[float]) -> None:
    assert [round(delay, 9) for delay in schedule.take(4).delays(seed=7)] == expected


def test_the_generator_is_splitmix64() -> None:
    """The first outputs for seed 1234567, as Rosetta Code's task "Pseudo-random numbers/Splitmix64" lists them."""
    outputs = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert [uniform(1234567, retry) for retry in range(1, 6)] == [(output >> 11) / 2**53 for output in outputs]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (exponential(0.1, factor=2, cap=10), 10),
        (exponential(0.1, factor=1e300, cap=10), 10),
        (exponential(0.1), LONGEST),
        (exponential(0, factor=3), 0),
        (exponential(1, factor=0.5), 0),
        (linear(0.1, cap=60), 60),
        (linear(1e9, step=1e9), LONGEST),
        (fibonacci(0.1, cap=60), 60),
        (fibonacci(0.1), LONGEST),
        (no_delay(), 0),
    ],
    ids=repr,
)
def test_retry_five_thousand_answers_the_cap(schedule: BaseSchedule, expected: float) -> None:
    assert schedule.delay(5_000, 0, None) == expected
    assert schedule.delay(10**400, 0, None) == expected


def test_decorrelated_replays_without_its_previous_delay() -> None:
    schedule = decorrelated(0.1, cap=10)
    walked = list(schedule.take(6).delays(seed=3))
    assert [schedule.delay(retry, 3, None) for retry in range(1, 7)] == walked
    assert schedule.delay(4, 3, walked[2]) == walked[3]


class Cubes:
    """A stranger's schedule: the protocol's method and nothing else."""

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        return float(retry**3) if retry <= 3 else None


def test_anyones_own_schedule_takes_part_in_the_algebra() -> None:
    own = max_of(Cubes())
    assert list(own) == [1, 8, 27]
    assert list(own.capped(10).then(constant(5)).take(5)) == [1, 8, 10, 5, 5]
    assert list(constant(2).take(1).then(Cubes())) == [2, 1, 8, 27]
    assert own.length is None
    assert own.bounds(2)[0].greatest == float("inf")
    assert [mean.value for mean in constant(2).take(1).then(Cubes()).mean(3)] == [2, 1, 8]


def test_parts_of_a_sequence_do_not_repeat_their_draws() -> None:
    noise = constant(1).jittered(full_jitter()).take(3)
    drawn = list(noise.then(noise).delays(seed=1))
    assert len(set(drawn)) == 6


def test_numbers_and_durations_make_equal_values() -> None:
    assert exponential(1, cap=timedelta(seconds=10)) == exponential(1.0, factor=2.0, cap=10.0)
    assert repr(exponential(0.1, cap=10).jittered(full_jitter())) == (
        "exponential(0.1, factor=2, cap=10).jittered(full_jitter())"
    )
