"""Each rule code has a page, and it says what `mulligan rule` says."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from mulligan_codemods.cli import rule as rule_command
from mulligan_codemods.rules.table import EVERY, Rule

from docs.site.rule_pages import index_page, rule_pages

PAGES = dict(rule_pages())


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.code)
def test_the_page_of_a_code_says_what_the_command_says(row: Rule) -> None:
    told = CliRunner().invoke(rule_command, [row.code, "--format", "markdown"], catch_exceptions=False).stdout
    page = PAGES[f"reference/rules/{row.code}.md"]
    assert page.startswith(f"# {row.code} {row.title}\n")
    assert told.partition(f"### {row.code} {row.title}\n")[2].strip() in page.replace("```python", "```text")


def test_the_index_links_every_code() -> None:
    index = index_page()
    assert all(index.count(f"[{row.code}](rules/{row.code}.md)") == 1 for row in EVERY)
