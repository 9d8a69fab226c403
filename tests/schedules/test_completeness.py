"""Adding a schedule is one place: a function, a row of the laws, a row of the page; a missing piece fails here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from mulligan import schedules
from mulligan.testing.strategies import kinds_of_jitter
from tests.schedules.strategies import EXTREMES, FAMILIES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "schedules.md"


def functions_answering(name: str) -> set[str]:
    found = {public: getattr(schedules, public) for public in schedules.__all__}
    return {
        public
        for public, value in found.items()
        if not isinstance(value, type) and value.__annotations__["return"] == name
    }


def rows_of_the_page() -> set[str]:
    return set(re.findall(r"^\| `(\w+)\(", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_schedule_has_a_row_of_the_laws() -> None:
    assert functions_answering("BaseSchedule") == {*FAMILIES, *EXTREMES}


def test_every_kind_of_jitter_has_a_row_of_the_laws() -> None:
    assert functions_answering("Jitter") == set(kinds_of_jitter())


def test_every_schedule_and_kind_of_jitter_has_a_row_of_the_page() -> None:
    assert rows_of_the_page() == functions_answering("BaseSchedule") | functions_answering("Jitter")


def test_schedules_import_neither_clock_nor_random_source() -> None:
    """`os` alone is there, because every interpreter has it; the seed's module reads it."""
    unwanted = {"random", "logging", "asyncio", "dataclasses", "inspect", "datetime", "typing_extensions"}
    code = f"import sys, mulligan.schedules; print(sorted(set({sorted(unwanted)}) & sys.modules.keys()))"
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=alone)  # noqa: S603
    assert done.stdout.strip() == "[]"
