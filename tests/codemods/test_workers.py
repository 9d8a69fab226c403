"""Work in several processes, some of which die."""

from __future__ import annotations

import os
import signal

import pytest
from mulligan_codemods.workers import mapped


def squared(number: int) -> int:
    """Kill the process on multiples of 40, otherwise answer the square."""
    if number and number % 40 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def lost(number: int) -> int:
    return -number


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_has_its_result(jobs: int) -> None:
    items = list(range(1, 36))
    assert sorted(mapped(squared, items, jobs, lost)) == [(place, item * item) for place, item in enumerate(items)]


def test_an_item_that_kills_its_process_costs_nothing_else() -> None:
    items = list(range(1, 85))
    found = dict(mapped(squared, items, 2, lost))
    assert [found[place] for place in range(len(items))] == [-item if item % 40 == 0 else item * item for item in items]


def test_no_items_need_no_process() -> None:
    assert list(mapped(squared, [], 2, lost)) == []
