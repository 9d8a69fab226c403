"""The commands `mulligan policies check`, `docs` and `schema`.

Rules: thin shells; whoever lacks the validator is told what to install when the commands are imported. Exit codes: 0
done, 1 the check found something or the document is out of date, 2 wrong usage, 3 a file can't be used.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mulligan.cli.subjects import policies_file
from mulligan.cli.writing import write_whole
from mulligan.config.file.document import read_file
from mulligan.config.problems import PolicyFileError
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from mulligan.config.file.checking import Remark

__all__ = ["check", "docs", "policies", "schema"]

FOUND, UNUSABLE = 1, 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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


def _on_path() -> bool:
    """Put the current folder on the path, as `python -m` does."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    return True


def _nearest() -> Path:
    try:
        return policies_file(None)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None


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
        from mulligan.cli.annotations import annotation

        for each in remarks:
            level = "error" if each.code.startswith("MP0") else "warning"
            about = f"{each.policy}: {each.message}" if each.policy else each.message
            click.echo(annotation(level, each.file, each.line, each.code, about))
    else:
        from mulligan.cli.remarks_text import print_remarks

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


@policies.command(
    short_help="Write the living document.",
    epilog="""\b
Examples:
  mulligan policies docs                      print the document
  mulligan policies docs --sites src --out docs/policies.md
  mulligan policies docs --sites src --out docs/policies.md --check

\b
Exit codes: 0 done, 1 the document is out of date, 2 wrong usage, 3 the file can't be used.
""",
)
@click.argument("file", required=False, type=FILE)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the document here, and its pictures beside it; without it the document is printed.",
)
@click.option("--check", "checking", is_flag=True, help="Write nothing; exit with 1 when the document is out of date.")
@click.option(
    "--sites",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Files and folders where call sites are looked for (needs the extra codemod).",
)
def docs(*, file: Path | None, out: Path | None, checking: bool, sites: tuple[Path, ...]) -> None:
    """Write the living document of FILE: each policy, its delays, what to watch, who owns it, where it is used."""
    from mulligan.cli.living.page import pictures, written
    from mulligan.cli.living.sites import call_sites

    if checking and out is None:
        raise click.UsageError("--check needs --out, the document that is held against the file")
    try:
        document = read_file(file or _nearest())
        found = call_sites(sites) if sites else None
    except PolicyFileError as error:
        click.echo(str(error), err=True)
        raise SystemExit(UNUSABLE) from None
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    if out is None:
        click.echo(written(document, found, folder=None), nl=False)
        return
    folder = out.with_suffix("")
    content = {out: written(document, found, folder=folder.name)}
    content |= {folder / name: text for name, text in pictures(document).items()}
    raise SystemExit(_held(content, folder) if checking else _write(content))


def _held(content: dict[Path, str], folder: Path) -> int:
    """Say which files are out of date, and which pictures are of no policy any more."""
    stale = [path for path, text in content.items() if _text(path) != text]
    left = [path for path in sorted(folder.glob("*.svg")) if path not in content]
    for said, paths in (("out of date", stale), ("of no policy any more, delete it", left)):
        for path in paths:
            click.echo(f"{said}: {path}", err=True)
    return FOUND if stale or left else 0


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(content: dict[Path, str]) -> int:
    for path, text in content.items():
        if _text(path) == text:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
        except OSError as error:
            raise click.FileError(str(path), error.strerror) from None
        click.echo(f"wrote {path}", err=True)
    return 0


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
