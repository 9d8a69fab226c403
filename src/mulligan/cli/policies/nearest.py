"""The file of policies that a command goes by: the one that was given, or the nearest."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mulligan.errors import ConfigError

__all__ = ["FILE", "names_in_file", "policies_file"]

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
"""What the command line takes for a file of policies."""


def policies_file(file: Path | None) -> Path:
    """Answer the file that was given, or the nearest one at or above the current folder.

    Raises:
        ConfigError: when there is none.
    """
    from mulligan.config.file.loading import nearest

    if file is not None:
        return file
    found = nearest(Path.cwd())
    if found is None:
        raise ConfigError("file", "policies.toml", "there is none here or above: name one, or write one")
    return found.relative_to(Path.cwd()) if found.is_relative_to(Path.cwd()) else found


def names_in_file(file: Path | None) -> tuple[str, ...]:
    """Answer the names of a file's policies; of the nearest one when left out.

    Raises:
        ConfigError: when there is none, or it can't be used.
    """
    from mulligan.config.file.document import read_file

    return tuple(entry.name for entry in read_file(policies_file(file)).entries)
