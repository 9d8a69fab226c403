"""Which files a run looks at.

Rules: a file that is named is always taken. A folder is asked of git where it is a work tree (so ignored files stay
out), otherwise walked, without the folders that nobody means. Every real file is taken once, in sorted order, by
the path that the user would type. Git is run with the hooks and monitors of a repository's configuration turned
off: nothing of a scanned repository is executed. Paths are strings here: on 50,000 files `pathlib` alone would cost
more than everything else that a scan with a warm cache does.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
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
                files[real] = min(same, found, key=lambda each: (os.path.islink(each), each))
    return Discovered(
        files=tuple(sorted(files.values())),
        notebooks=tuple(path for path in paths if path.endswith(".ipynb") and os.path.isfile(path)),
        missing=tuple(path for path in paths if not os.path.exists(path)),
    )


def _real(path: str, folders: dict[str, str]) -> str:
    """Answer the path without links; those of folders are followed once."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return f"{folders[folder]}{os.sep}{name}"


def _below(path: str, exclude: Sequence[str]) -> Iterable[str]:
    if not os.path.isdir(path):
        return () if path.endswith(".ipynb") or not os.path.exists(path) else (path,)
    listed = _git_files(path)
    found = _walk(path) if listed is None else listed
    if path == os.curdir:
        return [each for each in found if not _excluded(each, exclude)]
    return [os.path.join(path, each) for each in found if not _excluded(each, exclude)]


def _excluded(relative: str, patterns: Sequence[str]) -> bool:
    parts = relative.split(os.sep) if patterns else ()
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
    names = [os.path.normpath(os.fsdecode(name)) for name in answer.stdout.split(b"\0") if name]
    existing = [name for name in dict.fromkeys(names) if os.path.isfile(os.path.join(folder, name))]
    return existing if answer.returncode == 0 and existing else None


def _walk(folder: str) -> Iterator[str]:
    """Yield files below `folder`, relative to it."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        for entry in _entries(os.path.join(folder, below)):
            relative = f"{below}{os.sep}{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                if not _skipped(entry):
                    waiting.append(relative)
            elif entry.name.endswith(SUFFIXES) and entry.is_file():
                yield relative


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """Answer what is in a folder; one that can't be read holds nothing."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _skipped(folder: os.DirEntry[str]) -> bool:
    if folder.name in SKIPPED_FOLDERS or folder.name.startswith("."):
        return True
    return os.path.isfile(os.path.join(folder.path, "pyvenv.cfg"))
