"""The benchmark of listeners measures each of them; what they cost is for the command to say, not for a test."""

from __future__ import annotations

from tests.benchmarks.listeners import flaky, happy, listeners


def test_each_listener_is_a_row() -> None:
    expected = ["execute", *listeners()]
    assert [row.what for row in happy(1)] == expected
    assert [row.what for row in flaky(1)] == ["execute, 2 failures", *listeners()]
