"""The group `mulligan policies`, and its command `schema`.

Rules: thin shells; whoever lacks the validator is told what to install when the commands are imported. Exit codes: 0
done, 1 the check found something or the document is out of date, 2 wrong usage, 3 a file can't be used.
"""

from __future__ import annotations

import json

import click

from mulligan.cli.policies.check import check
from mulligan.cli.policies.docs import docs

__all__ = ["policies"]


@click.group(
    short_help="Check and document files of policies.",
    epilog="""\b
Examples:
  mulligan policies check                     of the nearest file
  mulligan policies check billing/policies.toml --format github
  mulligan policies docs --sites src --out docs/policies.md
  mulligan policies docs --sites src --out docs/policies.md --check
  mulligan policies schema > policies.schema.json
""",
)
def policies() -> None:
    """Check files of policies, document them, and describe them to editors."""


@policies.command(
    short_help="Print the JSON Schema for editors.",
    epilog="""\b
Examples:
  mulligan policies schema > policies.schema.json

\b
In the first line of policies.toml, for editors with Taplo (VS Code: Even Better TOML):
  #:schema ./policies.schema.json
""",
)
def schema() -> None:
    """Print the JSON Schema of policies.toml, which editors complete and check by."""
    from mulligan.config.file.schema import schema as made

    click.echo(json.dumps(made(), indent=2, ensure_ascii=False))


policies.add_command(check)
policies.add_command(docs)
