"""The page about migrations has one table a library, as the symbol tables have it."""

from __future__ import annotations

import re

import pytest

from mulligan.compat.symbols import LIBRARIES
from tests.docs.migration import PAGE, tabled


def test_the_tables_are_those_of_the_symbols() -> None:
    """`python -m tests.docs.migration` brings them up to date."""
    page = PAGE.read_text(encoding="utf-8")
    assert tabled(page) == page


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_every_library_has_its_table(library: object) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(f"<!-- table of {getattr(library, 'name')} -->") == 1  # noqa: B009 - parametrize has no types


def test_every_step_of_the_plan_has_its_section_and_its_way_back() -> None:
    page = PAGE.read_text(encoding="utf-8")
    steps = re.findall(r"^\| (\d)\. \[", page, re.MULTILINE)
    parts = re.split(r"^## (?=\d\.)", page, flags=re.MULTILINE)[1:]
    assert [part[0] for part in parts] == steps == [str(number) for number in range(1, 9)]
    assert all("*Back:*" in part for part in parts[1:])
