"""The page about migrations has one table a library, as the symbol tables have it, and a way back for each step."""

from __future__ import annotations

import re

import pytest

from mulligan.compat.symbols import LIBRARIES
from tests.docs.migration import tabled
from tests.docs.pages import PAGES

PAGE = PAGES["MIGRATION.md"]


def test_the_tables_are_those_of_the_symbols() -> None:
    """`python -m tests.docs.pages MIGRATION.md` brings them up to date."""
    assert tabled(PAGE) == PAGE


@pytest.mark.parametrize("library", [library.name for library in LIBRARIES])
def test_every_library_has_its_table(library: str) -> None:
    assert PAGE.count(f"<!-- table of {library} -->") == 1


def test_every_step_of_the_plan_has_its_section_and_its_way_back() -> None:
    steps = re.findall(r"^\| (\d)\. \[", PAGE, re.MULTILINE)
    parts = re.split(r"^## (?=\d\.)", PAGE, flags=re.MULTILINE)[1:]
    assert [part[0] for part in parts] == steps == [str(number) for number in range(1, 9)]
    assert all("*Back:*" in part for part in parts[1:])
