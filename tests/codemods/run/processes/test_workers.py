"""Work in several processes, some of which die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mulligan_codemods.run.processes.workers import batches, mapped

if TYPE_CHECKING:
    from pathlib import Path


def squared(number: int) -> int:
    """Kill the process on multiples of 40, otherwise answer the square."""
    if number and number % 40 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def slow(number: int) -> int:
    """Take for ever on 7, otherwise answer the number."""
    while number == 7:
        time.sleep(0.01)
    return number


def lost(number: int, why: str) -> int:
    assert why
    return -number


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_has_its_result(jobs: int) -> None:
    items = list(range(1, 36))
    assert sorted(mapped(squared, items, jobs, lost)) == [(place, item * item) for place, item in enumerate(items)]


def test_an_item_that_kills_its_process_costs_nothing_else() -> None:
    items = list(range(1, 85))
    found = dict(mapped(squared, items, 2, lost))
    assert [found[place] for place in range(len(items))] == [-item if item % 40 == 0 else item * item for item in items]


def test_a_main_module_without_a_guard_is_served_in_its_own_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from mulligan_codemods.run.processes.workers import mapped\n"
        "print(sorted(mapped(len, ['a', 'bc'], 2, lambda item, why: -1)))\n"
    )
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)  # noqa: S603 -- our own
    assert result.stdout == "[(0, 1), (1, 2)]\n"


def test_no_items_need_no_process() -> None:
    assert list(mapped(squared, [], 2, lost)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_item_that_takes_too_long_costs_nothing_else(jobs: int) -> None:
    found = dict(mapped(slow, list(range(12)), jobs, lost, seconds=2))
    assert [found[place] for place in range(12)] == [-place if place == 7 else place for place in range(12)]


def test_what_happened_to_an_item_is_told() -> None:
    told: list[str] = []

    def telling(number: int, why: str) -> int:
        told.append(why)
        return number

    assert list(mapped(slow, [7], 1, telling, seconds=0.1)) == [(0, 7)]
    assert told == ["took longer than 0.1 s"]


def test_whoever_stops_listening_stops_the_workers() -> None:
    listening = mapped(slow, list(range(8)), 2, lost)
    assert next(listening)[0] in range(8)
    before = {each.pid for each in multiprocessing.active_children()}
    assert before
    assert isinstance(listening, Generator)
    listening.close()
    assert not before & {each.pid for each in multiprocessing.active_children()}


@given(st.lists(st.integers(0, 50)), st.integers(1, 8))
def test_batches_hold_every_place_once_in_order(weights: list[int], number: int) -> None:
    cut = batches(weights, number)
    assert [place for batch in cut for place in batch] == list(range(len(weights)))
    assert all(batch for batch in cut)


@given(st.lists(st.integers(1, 50), min_size=1), st.integers(1, 8))
def test_no_batch_is_heavier_than_its_share_and_one_item(weights: list[int], number: int) -> None:
    share = max(1, sum(weights) // number)
    assert all(sum(weights[place] for place in batch[:-1]) < share for batch in batches(weights, number))
