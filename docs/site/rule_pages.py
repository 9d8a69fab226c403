"""A page for each rule code, and their index, made from the table that `mulligan rule` prints."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from mulligan_codemods.report.rules import rule_as_markdown
from mulligan_codemods.rules.table import RULES, Family, Rule, family, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["index_page", "rule_page", "rule_pages"]

INDEX = """\
# Rule codes

Every code that a report can name. `mulligan rule ML204` prints what its page says; both are made from one table. Loops
are left out by `# mulligan: ignore[ML204]` on their first line, and codes by `--ignore ML204`.
"""


def rule_pages() -> Iterator[tuple[str, str]]:
    """Yield the path of each page and its text."""
    yield "rules.md", index_page()
    for rule in RULES:
        yield f"rules/{rule.code}.md", rule_page(rule)


def index_page() -> str:
    """Answer the index: a table for each family."""
    lines = [INDEX]
    for of, members in groupby(RULES, key=_family):
        lines.append(f"## {heading(of)}\n\n| code | title | what to do |\n|---|---|---|")
        lines.extend(
            f"| [{rule.code}](rules/{rule.code}.md) | {_cell(rule.title)} | {_cell(rule.remedy)} |" for rule in members
        )
        lines.append("")
    return "\n".join(lines)


def rule_page(rule: Rule) -> str:
    """Answer the page of one rule."""
    return f"{rule_as_markdown(rule, level=1)}\n\n[{heading(family(rule.code))}](../rules.md), all codes.\n"


def _family(rule: Rule) -> Family:
    return family(rule.code)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
