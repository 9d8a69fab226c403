"""Each code is found where it is, and nowhere else; the table is complete and its examples are what they say."""

from __future__ import annotations

import re

import pytest

from mulligan import (
    UNLIMITED,
    Policy,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    full_jitter,
    no_delay,
)
from mulligan.config.file.document import read
from mulligan.explain import RULES, Rule, explained
from mulligan.explain.findings import CHECKS

GOOD = Policy(retry_on=ConnectionError, timeout=20)


def codes(policy: Policy[object], *, budgeted: bool = False) -> list[str]:
    return [each.code for each in explained(policy, budgeted=budgeted).findings]


@pytest.mark.parametrize(
    ("code", "policy"),
    [
        ("MP101", GOOD.replace(schedule=constant(1))),
        ("MP102", GOOD.replace(schedule=exponential(1).jittered(equal_jitter()), max_attempts=9, timeout=900)),
        ("MP102", GOOD.replace(schedule=decorrelated(1), max_attempts=6, timeout=900)),
        ("MP103", GOOD.replace(timeout=None)),
        ("MP104", GOOD.replace(timeout=None, max_attempts=UNLIMITED)),
        ("MP105", GOOD.replace(retry_on=(OSError, Exception))),
        ("MP105", GOOD.replace(retry_on=BaseException)),
        ("MP106", GOOD.replace(schedule=constant(9).jittered(equal_jitter()), max_attempts=5, timeout=15)),
        ("MP107", GOOD.replace(timeout=0.1)),
        ("MP108", GOOD.replace(max_attempts=6)),
        ("MP109", GOOD.replace(attempt_timeout=20)),
        ("MP110", GOOD.replace(schedule=no_delay())),
        ("MP111", GOOD.replace(schedule=constant(1).jittered(full_jitter()).take(1))),
    ],
)
def test_a_code_is_found(code: str, policy: Policy[object]) -> None:
    assert code in codes(policy)


@pytest.mark.parametrize(
    "policy",
    [
        GOOD,
        GOOD.replace(timeout=None, stop_after=9),
        GOOD.replace(max_attempts=1, timeout=None, retry_on=Exception),
        GOOD.replace(max_attempts=5, attempt_timeout=3),
        GOOD.replace(schedule=exponential(1).jittered(full_jitter())),
        GOOD.replace(schedule=no_delay(), max_attempts=2),
    ],
)
def test_nothing_is_found_where_nothing_is_doubtful(policy: Policy[object]) -> None:
    assert codes(policy) == []


def test_a_budget_bounds_the_load() -> None:
    assert codes(GOOD.replace(max_attempts=9), budgeted=True) == []


def test_every_row_says_everything_a_person_needs() -> None:
    assert [row.code for row in RULES] == sorted({row.code for row in RULES})
    for row in RULES:
        assert re.fullmatch(r"MP[012]\d\d", row.code)
        assert row.message.endswith(".")
        assert row.remedy.endswith(".")
        assert not row.title.endswith(".")
    assert {code for code, _ in CHECKS} == {row.code for row in RULES if row.code.startswith("MP1")}


@pytest.mark.parametrize("row", [row for row in RULES if row.code.startswith("MP1")], ids=lambda row: row.code)
def test_the_example_of_a_code_has_it_and_the_remedy_takes_it_away(row: Rule) -> None:
    assert row.code in codes_in(row.before)
    assert row.code not in codes_in(row.after)


def codes_in(text: str) -> set[str]:
    return {
        each.code for entry in read(text).entries for each in explained(entry.outline, budgeted=entry.budgeted).findings
    }
