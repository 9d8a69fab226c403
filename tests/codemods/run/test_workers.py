"""Work in several processes, some of which die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.run.workers import mapped

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_main_module_without_a_guard_is_served_in_its_own_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from mulligan_codemods.run.workers import mapped\n"
        "print(sorted(mapped(len, ['a', 'bc'], 2, lambda item: -1)))\n"
    )
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)  # noqa: S603 -- our own
    assert result.stdout == "[(0, 1), (1, 2)]\n"


def test_no_items_need_no_process() -> None:
    assert list(mapped(squared, [], 2, lost)) == []
