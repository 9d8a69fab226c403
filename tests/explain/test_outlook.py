"""Success, attempts and wall time: formulas against executions that are played."""

from __future__ import annotations

from math import inf, sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mulligan import UNLIMITED, Policy, Reason, constant, decorrelated, exponential, full_jitter
from mulligan.explain import Conditions, Figure, explained
from mulligan.explain.outlook import outlook
from mulligan.explain.timing import timing
from mulligan.testing.strategies import schedules
from tests.explain.samples import play

if TYPE_CHECKING:
    from mulligan.schedules import BaseSchedule

RUNS = 2_000


def near(figure: Figure, sample: list[float], greatest: float) -> bool:
    """Tell whether a figure is a sample's mean, within six standard errors and ten executions that are rare.

    Args:
        figure: the figure; an estimate has an error of its own.
        sample: what executions came to.
        greatest: what one can come to.
    """
    error = stdev(sample) * (1 / sqrt(RUNS) + (0 if figure.exact else 1 / sqrt(100)))
    return abs(fmean(sample) - figure.value) <= 6 * error + 10 / RUNS * greatest + 1e-9


@settings(max_examples=25)
@given(
    schedules(longest=20),
    st.integers(1, 5),
    st.none() | st.floats(1, 30),
    st.sampled_from([0.2, 0.5, 0.8, 1.0]),
    st.sampled_from([0.0, 0.3, 2.0]),
)
def test_expectations_are_the_means_of_executions(
    schedule: BaseSchedule, attempts: int, timeout: float | None, rate: float, latency: float
) -> None:
    policy = Policy(retry_on=ConnectionError, schedule=schedule, max_attempts=attempts, timeout=timeout)
    conditions = Conditions(failure_rate=rate, latency=latency)
    found = outlook(policy, conditions)
    played = [play(policy, conditions, seed) for seed in range(RUNS)]
    assert near(found.expected_attempts, [float(each.attempts) for each in played], attempts)
    assert near(found.expected_time, [each.elapsed for each in played], timing(policy, conditions).worst_case.value)
    assert near(found.success, [float(each.reason is Reason.ACCEPTED) for each in played], 1)


@settings(max_examples=15)
@given(schedules(longest=20), st.floats(1, 30))
def test_the_share_of_timeouts_is_that_of_executions_that_never_succeed(schedule: BaseSchedule, timeout: float) -> None:
    policy = Policy(retry_on=ConnectionError, schedule=schedule, max_attempts=4, timeout=timeout)
    conditions = Conditions(failure_rate=1, latency=0.5)
    played = [play(policy, conditions, seed) for seed in range(RUNS)]
    share = outlook(policy, conditions).timeout_share
    assert near(share, [float(each.reason is Reason.TIMEOUT) for each in played], 1)


FULL = exponential(1).jittered(full_jitter())


@pytest.mark.parametrize(
    ("policy", "rate", "success", "attempts", "time"),
    [
        (Policy(retry_on=OSError, schedule=FULL, max_attempts=4), 0.5, 0.9375, 1.875, 1.875 + 0.25 + 0.25 + 0.25),
        (Policy(retry_on=OSError, schedule=FULL, max_attempts=4), 0.0, 1.0, 1.0, 1.0),
        (Policy(retry_on=OSError, schedule=FULL, max_attempts=4), 1.0, 0.0, 4.0, 4 + 0.5 + 1 + 2),
        (Policy(retry_on=OSError, schedule=constant(1), max_attempts=UNLIMITED), 0.5, 1.0, 2.0, 3.0),
        (Policy(retry_on=OSError, schedule=constant(1), max_attempts=UNLIMITED), 1.0, 0.0, inf, inf),
    ],
)
def test_formulas_are_exact(policy: Policy[object], rate: float, success: float, attempts: float, time: float) -> None:
    found = outlook(policy, Conditions(failure_rate=rate, latency=1))
    assert all(each.exact for each in (found.success, found.expected_attempts, found.expected_time))
    assert found.success.value == pytest.approx(success)
    assert found.expected_attempts.value == pytest.approx(attempts)
    assert found.expected_time.value == pytest.approx(time)


def test_estimates_say_so() -> None:
    policy = Policy(retry_on=OSError, schedule=decorrelated(0.1, cap=0.2), timeout=0.3)
    found = outlook(policy, Conditions(failure_rate=0.5, latency=0))
    assert not found.expected_time.exact
    assert 0 < found.timeout_share.value < 1


def test_layers_multiply_what_each_makes() -> None:
    found = explained(Policy(retry_on=OSError, max_attempts=3), Conditions(failure_rate=0.5, layers=5))
    assert found.outage_amplification == Figure(243.0, exact=True)
    assert found.amplification.value == pytest.approx(1.75**5)


def test_what_overflows_is_infinite() -> None:
    policy = Policy(retry_on=OSError, max_attempts=5_000)
    assert explained(policy, Conditions(layers=500)).outage_amplification.value == inf
