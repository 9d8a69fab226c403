"""The demonstration tells equal from different timelines, and its exit code says so."""

from collections import Counter
from types import ModuleType

import pytest


def verdict(demonstration: ModuleType, old: str, new: str) -> str:
    """Compare two timelines, each written as kinds of events or as kind=text."""

    def lines(text: str) -> list[object]:
        pairs = (word.partition("=") for word in text.split())
        return [demonstration.Line(at=0.0, kind=kind, text=value) for kind, _, value in pairs]

    return str(demonstration.compare(lines(old), lines(new)).verdict)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call=1 error sleep=2 call=2 result=x", "call=1 error sleep=2 call=2 result=x"),
        ("call=1 error raised=x", "call=1 error raised=x note=tired"),
    ],
)
def test_equal_timelines(demonstration: ModuleType, old: str, new: str) -> None:
    assert verdict(demonstration, old, new) == demonstration.SAME


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call=1 error sleep=2 raised=x", "call=1 error raised=x"),
        (
            "call=1 error sleep=2 call=2 error log=y sleep=2 raised=x",
            "call=1 error sleep=2 call=2 error log=y raised=x",
        ),
    ],
)
def test_dropped_sleep_after_the_last_failure_is_permitted(demonstration: ModuleType, old: str, new: str) -> None:
    assert verdict(demonstration, old, new) == demonstration.DROPPED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call=1 error sleep=2 call=2 result=x", "call=1 error call=2 result=x"),
        ("call=1 error sleep=2 call=2 result=x", "call=1 error sleep=3 call=2 result=x"),
        ("call=1 error raised=x", "call=1 error sleep=2 raised=x"),
        ("call=1 error sleep=2 raised=x", "call=1 error raised=y"),
        ("call=1 error log=a raised=x", "call=1 error raised=x"),
        ("call=1 error sleep=1 sleep=2 raised=x", "call=1 error sleep=1 raised=x"),
        ("call=1 result=x", ""),
    ],
)
def test_anything_else_is_a_difference(demonstration: ModuleType, old: str, new: str) -> None:
    assert verdict(demonstration, old, new) == demonstration.DIFFERENT


@pytest.mark.parametrize(
    ("verdicts", "codes", "changed", "expected"),
    [
        ({"SAME": 9, "DROPPED": 1}, [0, 0], ["shop/a.py"], 0),
        ({"SAME": 9, "DIFFERENT": 1}, [0, 0], ["shop/a.py"], 1),
        ({"SAME": 9}, [0, 3], ["shop/a.py"], 1),
        ({"SAME": 9}, [0, 0], [], 1),
    ],
)
def test_exit_code(
    demonstration: ModuleType, verdicts: dict[str, int], codes: list[int], changed: list[str], expected: int
) -> None:
    """A difference, a command that failed, and a migration of nothing are failures."""
    counted = Counter({getattr(demonstration, name): count for name, count in verdicts.items()})
    assert demonstration.summary(counted, codes, changed) == expected


def test_scripts_in_words(demonstration: ModuleType) -> None:
    scripts = {"xx.": "fails twice, then answers", "x!": "fails once, then fails in an unexpected way"}
    assert {script: demonstration.spell(script) for script in scripts} == scripts
    assert demonstration.spell(".") == "answers"
    assert demonstration.spell("xxx") == "fails each time"
