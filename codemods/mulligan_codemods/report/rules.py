"""The rule table for people and for programs: one rule, or the list of all."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from mulligan_codemods.rules.table import EVERY, Family, Rule, family, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

__all__ = ["print_rule", "print_rules", "rule_as_markdown", "rules_as_json", "rules_as_markdown"]


PAGE = """\
# Rules

Every code that a report can name, what it means, and what to do. `mulligan rule ML204` prints an entry; this page is
`mulligan rule --format markdown`. The loops of ML1xx and ML2xx are what `mulligan scan` says these codes of; the files
of MP are what `mulligan policies check` says them of.
"""


def print_rule(console: Console, rule: Rule) -> None:
    """Print one rule with its example."""
    for line in _rule_lines(rule):
        console.print(line, soft_wrap=True)


def print_rules(console: Console) -> None:
    """Print the codes and titles of all rules, by family."""
    for of, rules in groupby(EVERY, key=_family):
        console.print(Text(heading(of), "bold"))
        for rule in rules:
            console.print(Text.assemble("  ", (rule.code, "cyan"), f"  {rule.title}"), soft_wrap=True)
        console.print()
    console.print(Text("mulligan rule CODE explains one.", "dim"))


def rules_as_json(rules: tuple[Rule, ...]) -> str:
    """Answer rules as a JSON list."""
    return json.dumps([{**asdict(rule), "family": family(rule.code)} for rule in rules], indent=2) + "\n"


def rules_as_markdown(rules: tuple[Rule, ...]) -> str:
    """Answer rules as a page: a heading for each family and each code, so that every code has an anchor."""
    lines = [PAGE]
    for of, members in groupby(rules, key=_family):
        lines.append(f"## {heading(of)}\n")
        lines.extend(rule_as_markdown(rule, level=3) for rule in members)
    return "\n".join(lines)


def rule_as_markdown(rule: Rule, *, level: int) -> str:
    """Answer one rule below a heading of a level from 1 to 6."""
    parts = [f"{'#' * level} {rule.code} {rule.title}\n", f"{rule.message}\n", f"**Remedy.** {rule.remedy}\n"]
    for title, code in (("Before", rule.before), ("After", rule.after)):
        if code:
            parts.append(f"{title}:\n\n```text\n{code}\n```\n")
    return "\n".join(parts)


def _family(rule: Rule) -> Family:
    return family(rule.code)


def _rule_lines(rule: Rule) -> Iterator[Text]:
    yield Text.assemble((rule.code, "bold cyan"), " ", (rule.title, "bold"), (f"  ({family(rule.code)})", "dim"))
    yield Text()
    yield Text(rule.message)
    yield Text.assemble(("→ ", "green"), rule.remedy)
    for title, code in (("Before", rule.before), ("After", rule.after)):
        if code:
            yield Text()
            yield Text(title, "bold")
            yield from (Text(f"    {line}") for line in code.split("\n"))
