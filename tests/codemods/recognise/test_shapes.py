"""Every shape is recognised and rewritten as its cases and its row in the documentation say."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import mulligan_codemods.recognise.shapes as package
import pytest
from mulligan_codemods.recognise.shapes import SHAPES

from tests.codemods.recognise.cases import CASES, Case
from tests.codemods.rewriting import definitions, policy_fields, rewrite, sites_of

HEADER = "import asyncio\nimport time\n\nfrom gateway import GatewayError\n\nLIMIT = 3\n\n\n"
DOCUMENT = Path(__file__).parents[3] / "docs" / "migrate" / "shapes.md"


def module(case: Case) -> str:
    return HEADER + dedent(case.before).lstrip("\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shape)
def test_each_case_is_rewritten_as_a_person_would(case: Case) -> None:
    rewritten = rewrite(module(case))
    assert rewritten.refused == ()
    assert definitions(rewritten.text) == dedent(case.after).lstrip("\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shape)
def test_each_case_has_its_shape(case: Case) -> None:
    (site,) = sites_of(module(case))
    assert (site.is_retry, site.shape) == (True, case.shape)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shape)
def test_each_policy_says_what_the_loop_did(case: Case) -> None:
    found = policy_fields(rewrite(module(case)).policies)
    assert found == ([case.policy] if case.policy else [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shape)
def test_a_second_run_finds_nothing(case: Case) -> None:
    rewritten = rewrite(module(case))
    again = rewrite(rewritten.text)
    assert (again.text, again.emitted) == (rewritten.text, ())


def test_every_shape_has_a_file_a_case_and_a_row() -> None:
    """A shape without its cases or its row in the documentation is not finished."""
    ids = {shape.id for shape in SHAPES}
    files = {path.stem[:3].upper() for path in Path(package.__path__[0]).glob("s[0-9][0-9]_*.py")}
    rows = {line[2:5] for line in DOCUMENT.read_text().splitlines() if line.startswith("| S")}
    assert ids == files == rows == {case.shape for case in CASES}
