"""The command `mulligan policies check`: what is wrong with files of policies, and what is doubtful about them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mulligan.cli.policies.nearest import FILE, policies_file
from mulligan.config.file.document import read_file
from mulligan.config.problems import PolicyFileError
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from mulligan.config.file.checking import Remark

__all__ = ["check"]

FOUND, UNUSABLE = 1, 3


@click.command(
    short_help="Say what is wrong and what is doubtful.",
    epilog="""\b
Examples:
  mulligan policies check
  mulligan policies check billing/policies.toml --ignore MP103
  mulligan policies check --format github --no-import

\b
Exit codes: 0 nothing found, 1 something found, 2 wrong usage, 3 a file can't be used.
""",
)
@click.argument("files", nargs=-1, type=FILE)
@click.option("--select", multiple=True, metavar="CODE", help="Only these codes, or beginnings such as MP1.")
@click.option("--ignore", multiple=True, metavar="CODE", help="All but these codes, or beginnings.")
@click.option(
    "--import/--no-import", "imports", default=True, help="Import what the policies name, to see that it is there."
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Output.",
)
def check(
    *,
    files: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    imports: bool,
    output: Literal["text", "json", "github"],
) -> None:
    """Say what is wrong and what is doubtful about FILES (by default the nearest file of policies).

    Errors carry the file, the line, the field, the value and the remedy, all at once. `mulligan rule MP101` explains a
    code. What the policies name is imported, with the current folder on the path, unless --no-import is given.
    """
    from mulligan.config.file.checking import checked, remark_of

    chosen, left_out = _codes("--select", select), _codes("--ignore", ignore)
    remarks: list[Remark] = []
    for file in files or (_nearest(),):
        try:
            remarks += checked(read_file(file), imports=imports and _on_path())
        except PolicyFileError as error:
            remarks += [remark_of(problem) for problem in error.problems]
    kept = [each for each in remarks if _wanted(each.code, chosen, left_out)]
    _print(kept, output)
    raise SystemExit(UNUSABLE if any(each.code == "MP001" for each in remarks) else FOUND if kept else 0)


def _nearest() -> Path:
    try:
        return policies_file(None)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None


def _on_path() -> bool:
    """Put the current folder on the path, as `python -m` does."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    return True


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    if code == "MP001":
        return True
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def _codes(option: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Answer codes, or beginnings of codes: split at commas, in capitals, known."""
    from mulligan.explain import RULES

    codes = tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())
    for code in codes:
        if not any(row.code.startswith(code) for row in RULES):
            raise click.UsageError(f"{option}: {code}: give a code such as MP101, or a beginning such as MP1")
    return codes


def _print(remarks: list[Remark], output: Literal["text", "json", "github"]) -> None:
    if output == "json":
        click.echo(json.dumps({"version": 1, "remarks": [_record(each) for each in remarks]}, indent=2))
    elif output == "github":
        from mulligan.cli.policies.annotations import annotation

        for each in remarks:
            level = "error" if each.code.startswith("MP0") else "warning"
            about = f"{each.policy}: {each.message}" if each.policy else each.message
            click.echo(annotation(level, each.file, each.line, each.code, about))
    else:
        from mulligan.cli.policies.remarks import print_remarks

        print_remarks(remarks)


def _record(remark: Remark) -> dict[str, object]:
    from mulligan.explain.rules import title

    return {
        "code": remark.code,
        "title": title(remark.code),
        "file": remark.file,
        "line": remark.line,
        "policy": remark.policy or None,
        "message": remark.message,
    }
