"""A schedule is read from text; anything else is refused by name, with its position, and nothing is evaluated."""

from __future__ import annotations

import contextlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import schedules
from mulligan.schedules import BaseSchedule, constant, exponential, full_jitter
from mulligan.schedules.expression import ExpressionError, read_schedule
from tests.schedules.strategies import SCHEDULES


@given(SCHEDULES.filter(lambda schedule: "Zigzag" not in repr(schedule) and len(repr(schedule)) < 1000))
def test_what_the_repr_says_is_read(schedule: BaseSchedule) -> None:
    assert read_schedule(repr(schedule)) == schedule


FUNCTIONS = [name for name in schedules.__all__ if not isinstance(getattr(schedules, name), type) and name != "uniform"]
METHODS = [
    name
    for name, method in vars(BaseSchedule).items()
    if getattr(method, "__annotations__", {}).get("return") == "BaseSchedule"
]


@pytest.mark.parametrize("call", [*FUNCTIONS, *(f"constant(1).{name}" for name in METHODS)])
def test_every_function_and_method_of_the_algebra_is_read(call: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        read_schedule(f"{call}(None, None, None)")
    assert "no such" not in str(raised.value)


def test_text_may_have_several_lines() -> None:
    text = "exponential(0.1,\n    cap=10)\n  .jittered(full_jitter())"
    assert read_schedule(text) == exponential(0.1, cap=10).jittered(full_jitter())
    assert read_schedule("constant(seconds=1)") == constant(1)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("open('x')", 0, "'open': no such function; use"),
        ("constant('1')", 9, "only schedule functions, their methods and numbers"),
        ("constant(1).__class__", 0, "only schedule functions"),
        ("constant(1).__class__()", 11, "'__class__': no such method of a schedule; use capped, jittered, take"),
        ("constant(1).delays(seed=1)", 11, "'delays': no such method"),
        ("constant(x)", 9, "'x': only schedule functions"),
        ("constant(1).jittered(full_jitter)", 21, "call it: full_jitter"),
        ("constant(1 + 1)", 9, "'1 + 1': only"),
        ("constant(*[1])", 9, "'*[1]': only"),
        ("constant(**{})", 11, "without **"),
        ("constant(lambda: 1)", 9, "only schedule functions"),
        ("(1).take(2)", 1, "methods are for schedules"),
        ("constant()", 0, "give other arguments"),
        ("constant(1).take(1, 2)", 11, "give other arguments"),
        ("constant(-1)", 0, "seconds=-1: give seconds from 0"),
        ("max_of(constant(1), exponential(2, cap=1))", 20, "cap=1: give a cap"),
        ("constant(1).take(-1)", 11, "retries=-1"),
        ("full_jitter()", 0, "give a schedule"),
        ("1", 0, "give a schedule"),
        ("constant(1", 8, "write it as Python does"),
        ("constant(1); constant(2)", 11, "write it as Python does"),
        ("", 0, "write it as Python does"),
        ("constant(é)", 9, "'é': only"),
        ("\0", 0, "write it as Python does"),
        ("constant(1)" + ".take(1)" * 200, 0, "at most 1000 characters"),
        ("(" * 500, 0, "write it as Python does"),
        ("constant(" + "-" * 900 + "1)", 0, ""),
    ],
)
def test_everything_else_is_refused_where_it_stands(text: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        read_schedule(text)
    assert said in str(raised.value)
    if said and "(((" not in text:
        assert raised.value.column == column
    assert raised.value.pointed().splitlines()[-1].endswith("^")


@given(st.text(max_size=60) | st.text(alphabet="constant(1).take,[]*-:=x'\n\t\\0\0", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert isinstance(read_schedule(text), BaseSchedule)


def test_the_error_survives_pickling() -> None:
    with pytest.raises(ExpressionError) as raised:
        read_schedule("constant(-1)")
    restored = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes
    assert (restored.pointed(), str(restored)) == (raised.value.pointed(), str(raised.value))
