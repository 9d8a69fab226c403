"""Policies and assertions that are read from text."""

from __future__ import annotations

import pytest

from mulligan import UNLIMITED, Policy, constant, exponential
from mulligan.explain import holds, read_policy
from mulligan.schedules.expression import ExpressionError

FIGURES = {"worst_case": 12.5, "success": 0.99}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("worst_case < 30", True),
        ("worst_case > 30", False),
        ("10 < worst_case <= 12.5", True),
        ("worst_case < 30 and success > 0.999", False),
        ("worst_case < 1 or success >= 0.99", True),
        ("not worst_case == 12.5", False),
        ("worst_case * 2 - 1 < 60 / 2 + -1", True),
        ("worst_case != 12.5", False),
    ],
)
def test_a_sentence_is_answered(text: str, answer: bool) -> None:
    assert holds(text, FIGURES) is answer


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("worst_case", 0, "compare something"),
        ("worst < 3", 0, "no such figure; use success, worst_case"),
        ("success < __import__('os').system('x')", 10, "give figures, numbers"),
        ("success > 2 or x < 1", 15, "no such figure"),
        ("success < 1 / 0", 10, "divide by something else than 0"),
        ("success in 3", 0, "compare by"),
        ("success < True", 10, "give figures"),
        ("success <", 0, "write it as Python does"),
        ("(lambda: 1)() < 2", 0, "give figures"),
        ("9**9**9 < 1", 0, "give figures"),
        ("success < " + "1 + " * 300 + "1", 0, "give at most 1000 characters"),
        ("success < \0", 0, "write it as Python does"),
    ],
)
def test_what_is_no_sentence_is_refused_where_it_is(text: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError, match=said) as caught:
        holds(text, FIGURES)
    assert abs(caught.value.column - column) <= 1


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (
            "Policy(retry_on=(OSError, TimeoutError), schedule=constant(1).take(3), max_attempts=UNLIMITED, timeout=3)",
            Policy(retry_on=(OSError, TimeoutError), schedule=constant(1).take(3), max_attempts=UNLIMITED, timeout=3),
        ),
        ("Policy(name='a', retry_on=OSError, note=False)", Policy(name="a", retry_on=OSError, note=False)),
    ],
)
def test_a_policy_is_read(text: str, policy: Policy[object]) -> None:
    assert read_policy(text) == policy
    assert read_policy(repr(policy)) == policy


def test_a_schedule_alone_is_a_policy() -> None:
    assert read_policy("exponential(1, cap=3)").schedule == exponential(1, cap=3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Policy(max_attempts=0)", "give a whole number from 1"),
        ("Policy(tries=3)", "no such field; use name"),
        ("Policy(3)", "give fields by name"),
        ("Policy(**{})", "no such field"),
        ("Policy(schedule=exponential(-1))", "base=-1: give seconds"),
        ("Policy(retry_on=len)", "name builtin exceptions"),
        ("Policy(retry_if=print)", "give a number, a text or a schedule"),
        ("Policy(timeout=open('x'))", "give a number, a text or a schedule"),
        ("os.system('x')", "methods are for schedules|no such method|only schedule"),
        ("Policy(", "write it as Python does"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        read_policy(text)
