"""Which files a run looks at.

Rules: a file that is named is always taken. A folder is asked of git where it is a work tree (so ignored files stay
out), otherwise walked, without the folders that nobody means. Every real file is taken once, in sorted order, by
the path that the user would type. Git is run with the hooks and monitors of a repository's configuration turned
off: nothing of a scanned repository is executed.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["SKIPPED_FOLDERS", "Discovered", "discover"]

SUFFIXES = (".py", ".pyw")
SKIPPED_FOLDERS = frozenset(
    {
        "__pycache__",
        "__pypackages__",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)
"""Folders that a walk leaves out, besides hidden ones and virtual environments."""

QUIET_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """The files to look at, the notebooks that were named, and the paths that don't exist."""

    files: tuple[str, ...]
    notebooks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def discover(paths: Sequence[str], exclude: Sequence[str] = ()) -> Discovered:
    """Answer the Python files at and below `paths`.

    Args:
        paths: files and folders.
        exclude: patterns; a file below a folder is left out where its path relative to that folder, or the name of
            it or of a folder above it, matches one.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        for found in _below(os.path.normpath(path), exclude):
            real = _real(found, folders)
            same = files.setdefault(real, found)
            if same != found:
                files[real] = min(same, found, key=lambda each: (Path(each).is_symlink(), each))
    return Discovered(
        files=tuple(sorted(files.values())),
        notebooks=tuple(path for path in paths if path.endswith(".ipynb") and Path(path).is_file()),
        missing=tuple(path for path in paths if not Path(path).exists()),
    )


def _real(path: str, folders: dict[str, str]) -> str:
    """Answer the path without links; those of folders are followed once."""
    if Path(path).is_symlink():
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return f"{folders[folder]}{os.sep}{name}"


def _below(path: str, exclude: Sequence[str]) -> Iterable[str]:
    if not Path(path).is_dir():
        return () if path.endswith(".ipynb") or not Path(path).exists() else (path,)
    listed = _git_files(path)
    found = _walk(path) if listed is None else listed
    return [os.path.normpath(Path(path) / each) for each in found if not _excluded(each, exclude)]


def _excluded(relative: str, patterns: Sequence[str]) -> bool:
    parts = Path(relative).parts
    return any(
        fnmatch(relative, pattern.rstrip("/")) or any(fnmatch(part, pattern.rstrip("/")) for part in parts)
        for pattern in patterns
    )


def _git_files(folder: str) -> list[str] | None:
    """Answer what git knows below `folder`, relative to it; `None` where it is no work tree, or is all ignored."""
    patterns = [f"*{suffix}" for suffix in SUFFIXES]
    command = [*QUIET_GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    try:
        answer = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 -- fixed words
    except OSError:
        return None
    names = [os.fsdecode(name) for name in answer.stdout.split(b"\0") if name]
    existing = [name for name in dict.fromkeys(names) if (Path(folder) / name).is_file()]
    return existing if answer.returncode == 0 and existing else None


def _walk(folder: str) -> Iterator[str]:
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _skipped(Path(above) / name))
        for name in names:
            if name.endswith(SUFFIXES) and (Path(above) / name).is_file():
                yield os.path.relpath(Path(above) / name, folder)


def _skipped(folder: Path) -> bool:
    return folder.name in SKIPPED_FOLDERS or folder.name.startswith(".") or (folder / "pyvenv.cfg").is_file()
