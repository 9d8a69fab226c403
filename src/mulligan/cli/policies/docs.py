"""The command `mulligan policies docs`: the living document, written, or held against its file."""

from __future__ import annotations

from pathlib import Path

import click

from mulligan.cli.policies.nearest import FILE, policies_file
from mulligan.cli.writing import write_whole
from mulligan.config.file.document import read_file
from mulligan.config.problems import PolicyFileError
from mulligan.errors import ConfigError

__all__ = ["docs"]

STALE, UNUSABLE = 1, 3


@click.command(
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
    from mulligan.cli.policies.living.page import pictures, written
    from mulligan.cli.policies.living.sites import call_sites

    if checking and out is None:
        raise click.UsageError("--check needs --out, the document that is held against the file")
    try:
        document = read_file(policies_file(file))
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
    return STALE if stale or left else 0


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
