"""A page for each rule code, and their index, made from the table that `mulligan rule` prints."""

from __future__ import annotations

import ast
import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from mulligan_codemods.report.rules import rule_as_markdown
from mulligan_codemods.rules.table import EVERY, Family, Rule, family, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["index_page", "navigation", "rule_pages"]

EXAMPLE: Final = re.compile(r"```text\n(.*?)\n```", re.DOTALL)

INDEX = """\
# Rule codes

Every code that a report can name. `mulligan rule ML204` prints what its page says; both are made from one table. Loops
are left out by `# mulligan: ignore[ML204]` on their first line, and codes by `--ignore ML204`.
"""


def rule_pages() -> Iterator[tuple[str, str]]:
    """Yield the path of each page and its text."""
    yield "reference/rules.md", index_page()
    for rule in EVERY:
        yield f"reference/rules/{rule.code}.md", rule_page(rule)


def index_page() -> str:
    """Answer the index: a table for each family."""
    lines = [INDEX]
    for of, members in groupby(EVERY, key=_family):
        lines.append(f"## {heading(of)}\n\n| code | title | what to do |\n|---|---|---|")
        lines.extend(
            f"| [{rule.code}](rules/{rule.code}.md) | {_cell(rule.title)} | {_cell(rule.remedy)} |" for rule in members
        )
        lines.append("")
    return "\n".join(lines)


def rule_page(rule: Rule) -> str:
    """Answer the page of one rule, its examples coloured where they are Python."""
    text = EXAMPLE.sub(_coloured, rule_as_markdown(rule, level=1))
    return f"{text}\n\n[All codes](../rules.md).\n"


def navigation() -> dict[str, dict[str, str]]:
    """Answer the pages of each family by their titles."""
    return {
        heading(of): {f"{rule.code} {rule.title}": f"reference/rules/{rule.code}.md" for rule in members}
        for of, members in groupby(EVERY, key=_family)
    }


def _coloured(block: re.Match[str]) -> str:
    try:
        ast.parse(block[1])
    except SyntaxError:
        return block[0]
    return f"```python\n{block[1]}\n```"


def _family(rule: Rule) -> Family:
    return family(rule.code)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
