"""The rule table is complete and well formed."""

from __future__ import annotations

import re
from pathlib import Path

import mulligan_codemods
import pytest
from mulligan_codemods.rules.table import EVERY, TABLE, Rule, family, heading, rule


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.code)
def test_a_row_says_everything_a_person_needs(row: Rule) -> None:
    assert re.fullmatch(r"ML[0-5]\d\d|MP[0-2]\d\d", row.code)
    assert row.title
    assert not row.title.endswith(".")
    assert row.message.endswith(".")
    assert row.remedy.endswith(".")
    assert row.before or not row.after
    assert heading(family(row.code))


def test_codes_are_sorted_and_unique() -> None:
    codes = [row.code for row in EVERY]
    assert codes == sorted(set(codes))


def test_titles_are_unique() -> None:
    assert len({row.title for row in EVERY}) == len(EVERY)


def test_a_row_is_found_by_its_code_in_any_case() -> None:
    assert rule("ml101") is TABLE["ML101"]
    assert rule("ML999") is None


def test_every_code_that_the_source_names_is_in_the_table() -> None:
    folder = Path(mulligan_codemods.__file__ or "").parent
    named = {
        (path.name, code)
        for path in folder.rglob("*.py")
        for code in re.findall(r"\"(ML\d{3})\"", path.read_text(encoding="utf-8"))
    }
    assert named
    assert {(name, code) for name, code in named if code not in TABLE} == set()
