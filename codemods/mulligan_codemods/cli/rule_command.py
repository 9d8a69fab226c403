"""The command `rule`."""

from __future__ import annotations

import sys

import click

from mulligan_codemods.cli.printing import console_of
from mulligan_codemods.rules.table import EVERY
from mulligan_codemods.rules.table import rule as find_rule

__all__ = ["rule"]


@click.command(short_help="Explain a code of a report.", epilog="\b\nExample:\n  mulligan rule ML204")
@click.argument("code", required=False)
@click.option(
    "--format", "layout", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print."
)
def rule(code: str | None, layout: str) -> None:
    """Explain a code of a report: what it means, what to do, and an example. Without CODE, list all."""
    from mulligan_codemods.report.rules import print_rule, print_rules, rules_as_json, rules_as_markdown

    found = None if code is None else find_rule(code)
    if code is not None and found is None:
        raise click.BadParameter(f"there is no rule {code}; mulligan rule lists all", param_hint="CODE")
    rules = EVERY if found is None else (found,)
    if layout != "text":
        click.echo(rules_as_json(rules) if layout == "json" else rules_as_markdown(rules), nl=False)
    elif found is None:
        print_rules(console_of(sys.stdout))
    else:
        print_rule(console_of(sys.stdout), found)
