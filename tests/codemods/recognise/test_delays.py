"""The delay of a loop as the schedule that gives exactly the same."""

from __future__ import annotations

import pytest
from mulligan_codemods.central.render import schedule

from tests.codemods.rewriting import sites_of

LOOP = """
import random
import time
from time import sleep as nap

DELAY = 5


def fetch(self, url, base, cap):
    wait = {start}
    for i in range({range}):
        try:
            return get(url)
        except OSError:
            if i == {last}:
                raise
            {sleep}
"""


def delay(sleep: str, start: str = "1", *, counts_from: int = 0) -> str:
    """Answer the schedule of a loop of four attempts, or the code of the refusal."""
    bounds = f"{counts_from}, {counts_from + 4}"
    text = LOOP.format(sleep=sleep, start=start, range=bounds, last=counts_from + 3)
    (site,) = sites_of(text)
    if site.lowered is None:
        assert site.reason is not None
        return site.reason.code
    return schedule(site.lowered.parameters.schedule)


@pytest.mark.parametrize(
    ("sleep", "expected"),
    [
        ("pass", "no_delay()"),
        ("time.sleep(5)", "constant(5)"),
        ("time.sleep(0.25)", "constant(0.25)"),
        ("nap(5)", "constant(5)"),
        ("time.sleep(DELAY)", "constant(5)"),
        ("time.sleep(self.delay)", "constant(self.delay)"),
        ("time.sleep(i)", "linear(0, step=1)"),
        ("time.sleep(i + 1)", "linear(1)"),
        ("time.sleep(10 * (i + 1))", "linear(10)"),
        ("time.sleep(base * (i + 1))", "linear(base)"),
        ("time.sleep(2 ** i)", "exponential(1)"),
        ("time.sleep(1 << i)", "exponential(1)"),
        ("time.sleep(2.0 ** i)", "exponential(1)"),
        ("time.sleep(2 ** (i + 1))", "exponential(2)"),
        ("time.sleep(pow(3, i))", "exponential(1, factor=3)"),
        ("time.sleep(0.5 * 2 ** i)", "exponential(0.5)"),
        ("time.sleep(2 ** i / 10)", "exponential(0.1)"),
        ("time.sleep(base ** i)", "exponential(1, factor=base)"),
        ("time.sleep(base * 2 ** i)", "exponential(base)"),
        ("time.sleep(min(30, 2 ** i))", "exponential(1, cap=30)"),
        ("time.sleep(min(base * 2 ** i, cap))", "exponential(base, cap=cap)"),
        ("time.sleep(random.uniform(0, 2 ** i))", "exponential(1).jittered(full_jitter())"),
        ("time.sleep(2 ** i * random.random())", "exponential(1).jittered(full_jitter())"),
        ("time.sleep(2 ** i + random.random())", "exponential(1).jittered(additive_jitter(1))"),
        ("time.sleep(2 ** i + random.uniform(0, 0.5))", "exponential(1).jittered(additive_jitter(0.5))"),
        ("time.sleep(5 * random.uniform(0.5, 1.5))", "constant(5).jittered(proportional_jitter(0.5))"),
        ("time.sleep(random.uniform(1, 3))", "constant(1).jittered(additive_jitter(2))"),
    ],
)
def test_delays_of_the_attempts_number(sleep: str, expected: str) -> None:
    assert delay(sleep) == expected


@pytest.mark.parametrize(
    ("sleep", "expected"),
    [
        ("time.sleep(wait); wait *= 2", "exponential(1)"),
        ("time.sleep(wait); wait = wait * 3", "exponential(1, factor=3)"),
        ("wait *= 2; time.sleep(wait)", "exponential(2)"),
        ("time.sleep(wait); wait = min(wait * 2, 60)", "exponential(1, cap=60)"),
        ("time.sleep(wait); wait += 2", "linear(1, step=2)"),
    ],
)
def test_delays_that_grow_in_a_variable(sleep: str, expected: str) -> None:
    assert delay("\n            ".join(sleep.split("; "))) == expected


def test_delays_count_from_the_ranges_begin() -> None:
    assert delay("time.sleep(2 ** i)", counts_from=1) == "exponential(2)"


@pytest.mark.parametrize(
    "sleep",
    [
        "time.sleep(random.randint(1, 5))",
        "time.sleep(self.backoff.next())",
        "time.sleep(2 ** i - 1)",
        "time.sleep(i ** 2)",
        "time.sleep(i % 3)",
    ],
)
def test_delays_that_no_schedule_gives_are_refused(sleep: str) -> None:
    assert delay(sleep) == "ML207"
