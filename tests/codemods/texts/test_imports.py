"""Imports are added and dropped as the module writes its own."""

from __future__ import annotations

import pytest
from mulligan_codemods.texts.fitting import fitted
from mulligan_codemods.texts.imports import with_imports, without_imports

EXPLODED = "from app.policies import (\n    FETCH,\n    STORE,\n)\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("from app.policies import FETCH\n", "from app.policies import FETCH, SEND\n"),
        (EXPLODED, "from app.policies import (\n    FETCH,\n    SEND,\n    STORE,\n)\n"),
        ("from app.policies import (\n    FETCH, STORE\n)\n", "from app.policies import FETCH, SEND, STORE\n"),
        (
            "from app.policies import FETCH as F\n",
            "from app.policies import FETCH as F\nfrom app.policies import SEND\n",
        ),
    ],
)
def test_a_name_joins_those_that_are_taken_from_the_module(text: str, after: str) -> None:
    assert with_imports(text, [("app.policies", "SEND")]) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (EXPLODED + "STORE\n", "from app.policies import (\n    STORE,\n)\nSTORE\n"),
        ("from app.policies import FETCH, STORE as S\nS\n", "from app.policies import STORE as S\nS\n"),
        ("import FETCH, os\nos\n", "import os\nos\n"),
        ("from app.policies import FETCH\n\nx = 1\n", "x = 1\n"),
    ],
)
def test_a_name_that_nothing_reads_leaves_the_others_as_they_are_written(text: str, after: str) -> None:
    assert without_imports(text, ["FETCH"]) == after


def test_an_import_is_broken_where_the_files_lines_end_and_not_before() -> None:
    text = "from app.policies import FETCH, SEND, STORE as KEEP\n"
    assert fitted("", text, 52) == text
    assert fitted("", text, 40) == "from app.policies import (\n    FETCH,\n    SEND,\n    STORE as KEEP,\n)\n"
