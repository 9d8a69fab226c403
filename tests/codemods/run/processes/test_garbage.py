"""The collector runs seldom while files are looked at, and as before afterwards."""

from __future__ import annotations

import gc

import pytest
from mulligan_codemods.run.processes.garbage import SELDOM, seldom_collected


@seldom_collected()
def thresholds() -> tuple[int, int, int]:
    return gc.get_threshold()


def test_the_thresholds_are_high_inside_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    assert thresholds() == SELDOM != before
    assert gc.get_threshold() == before


def test_an_error_leaves_them_as_before_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyboardInterrupt), seldom_collected():
        raise KeyboardInterrupt
    assert gc.get_threshold() == before
