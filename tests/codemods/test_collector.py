"""The collector runs at other thresholds inside, and as before afterwards."""

from __future__ import annotations

import gc

import pytest
from mulligan_codemods.collector import PROVING, SCANNING, collected_at


@collected_at(SCANNING)
def thresholds() -> tuple[int, int, int]:
    return gc.get_threshold()


def test_the_thresholds_are_high_inside_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    assert thresholds() == SCANNING != before
    assert gc.get_threshold() == before


def test_an_error_leaves_them_as_before_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyboardInterrupt), collected_at(PROVING):
        raise KeyboardInterrupt
    assert gc.get_threshold() == before
