"""A file of policies, and the commands about it."""

from __future__ import annotations

from click.testing import CliRunner, Result

from mulligan.cli.commands import commands

__all__ = ["GOOD", "invoke"]

GOOD = """
[owners]
shop = "shop@example.test"

[policies.shop.fetch]
description = "Fetches | a page."
owner = "shop"
runbook = "https://example.test/runbook"
retry_on = ["ConnectionError", "json:JSONDecodeError"]
timeout = 20
max_attempts = 4
budget = "bank"

[budgets.bank]
model = "quota"
capacity = 100
"""


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(commands, ["policies", *arguments])
