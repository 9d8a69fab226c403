"""What the type checkers infer of policies that come from a file."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import pytest

from mulligan import ConfigError, Pipeline, Policy, execute
from mulligan.config import PolicyFileError, Problem, load, pipeline, policy, reload
from mulligan.explain import Conditions, Explanation, Figure, Finding, explained

FILE = Path(__file__).parents[2] / "docs" / "examples" / "policies" / "policies.toml"


def size(text: str) -> int:
    return len(text)


def test_a_policy_of_a_file_judges_any_value_unless_its_type_is_given() -> None:
    assert_type(load(FILE), tuple[str, ...])
    assert_type(policy("shop.stock"), Policy[object])
    assert_type(policy("shop.stock", judging=int), Policy[int])
    assert_type(pipeline("shop.charge"), Pipeline[object])
    assert_type(execute(policy("shop.stock"), size, "3"), int)
    assert_type(reload(), tuple[Problem, ...])


def test_the_type_that_is_judged_is_held_against_the_operation() -> None:
    def judged() -> None:
        execute(policy("shop.stock", judging=str), size, "3")  # type: ignore[misc]  # pyright: ignore[reportArgumentType]

    assert callable(judged)


def test_the_error_has_its_problems() -> None:
    error = PolicyFileError([Problem(file="a", line=1, field="b", value=2, remedy="c")])
    assert_type(error.problems, tuple[Problem, ...])
    with pytest.raises(ConfigError):
        raise error


def test_an_explanation_is_a_value_of_its_own_kind() -> None:
    found = explained(Policy(retry_on=OSError), Conditions(failure_rate=1))
    assert_type(found, Explanation)
    assert_type(found.worst_case, Figure)
    assert_type(found.findings, tuple[Finding, ...])
