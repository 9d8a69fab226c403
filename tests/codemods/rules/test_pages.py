"""Each code has an entry with an example and the remedy, and each example is what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from mulligan_codemods.cli import rule, scan
from mulligan_codemods.config import Config
from mulligan_codemods.report.rules import rules_as_markdown
from mulligan_codemods.rules.table import EVERY, RULES, Rule
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules.md"
HEAD = "import asyncio\nimport random\nimport time\n\nfrom mulligan import execute\n\n"
UNSHOWN = {
    "ML201": "only what a crash of another stage leaves behind",
    "ML229": "needs a rewrite that changes what another one understood",
}
"""Refusals that a scan of one file can't show, and why."""

OPTIONS = {
    "ML223": Options(prove=True),
    "ML224": Options(prove=True, staged=True),
    "ML227": Options(prove=False, config=Config(ignore=("ML208",))),
}
"""What an example needs beyond a scan."""

SHOWN = [row for row in RULES if row.code[2] in "12" and row.code not in UNSHOWN]


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.code)
def test_the_example_of_a_code_yields_that_code(tmp_path: Path, row: Rule) -> None:
    (tmp_path / "case.py").write_text(f"{HEAD}\n{row.before}\n")
    report = run([str(tmp_path / "case.py")], real_stages(), OPTIONS.get(row.code, Options(prove=False)))
    reasons = {each.reason.code for each in report.rows if each.reason is not None}
    assert row.code in reasons | {hazard.code for each in report.rows for hazard in each.hazards}


@pytest.mark.parametrize("row", [row for row in SHOWN if row.code.startswith("ML1")], ids=lambda row: row.code)
def test_a_hazard_is_told_in_text_and_json(tmp_path: Path, row: Rule) -> None:
    (tmp_path / "case.py").write_text(f"{HEAD}\n{row.before}\n")
    for layout in ("text", "json"):
        told = CliRunner().invoke(scan, ["--no-cache", "--format", layout, str(tmp_path)], catch_exceptions=False)
        assert row.code in told.stdout


@pytest.mark.parametrize("code", ["ML102", "ML109", "ML111", "ML105"])
def test_a_loop_without_a_hazard_has_none(tmp_path: Path, code: str) -> None:
    text = """
def fetch(url):
    for attempt in range(3):
        try:
            return get(url)
        except OSError:
            if attempt == 2:
                raise
            time.sleep(random.uniform(0, 2))
"""
    (tmp_path / "case.py").write_text(HEAD + text)
    (row,) = run([str(tmp_path / "case.py")], real_stages(), Options(prove=False)).rows
    assert code not in {hazard.code for hazard in row.hazards}


def test_the_page_is_the_table() -> None:
    """`mulligan rule --format markdown > docs/reference/rules.md` brings it up to date."""
    told = CliRunner().invoke(rule, ["--format", "markdown"], catch_exceptions=False)
    assert told.stdout == rules_as_markdown(EVERY) == PAGE.read_text(encoding="utf-8")


def test_every_code_has_its_own_entry() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(page.count(f"### {row.code} {row.title}\n") == 1 for row in EVERY)
    assert all(row.before for row in RULES if row.code[2] in "12" and row.code not in UNSHOWN)
