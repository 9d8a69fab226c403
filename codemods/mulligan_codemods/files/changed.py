"""Which files differ from a revision.

Rules: git is asked for the revision's tree alone, and contents are compared here: comparing by git itself would run
the filters that a repository's configuration names. A file that git does not know has changed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan_codemods.files.discover import QUIET_GIT
from mulligan_codemods.files.source import bytes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["changed_since"]


def changed_since(revision: str, files: Sequence[str]) -> tuple[str, ...]:
    """Answer those of `files` whose content is not that of `revision`, in the same order.

    Args:
        revision: anything that git takes for a commit.
        files: paths, which may belong to several repositories.

    Raises:
        ConfigError: there is no work tree, or no such revision.
    """
    roots = {folder: _root(folder) for folder in {os.path.realpath(Path(file).parent) for file in files}}
    trees = {root: _tree(root, revision) for root in sorted(set(roots.values()))}
    return tuple(file for file in files if _differs(os.path.realpath(file), trees, roots))


def _differs(file: str, trees: dict[str, dict[str, str]], roots: dict[str, str]) -> bool:
    folder = str(Path(file).parent)
    root = roots.get(folder) or _root(folder)
    known = trees.get(root, {}).get(os.path.relpath(file, root).replace(os.sep, "/"))
    if known is None:
        return True
    data = bytes_of(file)
    return data is None or known not in {_blob(data, known), _blob(data.replace(b"\r\n", b"\n"), known)}


def _blob(data: bytes, like: str) -> str:
    """Answer git's name for a content, by the algorithm of another name."""
    digest = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _root(folder: str) -> str:
    answer = _git(folder, "rev-parse", "--show-toplevel")
    if answer is None:
        raise ConfigError("--changed-since", folder, "name paths inside a git work tree")
    return os.path.realpath(os.fsdecode(answer.rstrip(b"\n")))


def _tree(root: str, revision: str) -> dict[str, str]:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    listed = None if commit is None else _git(root, "ls-tree", "-r", "-z", "--full-tree", commit.decode().strip())
    if listed is None:
        raise ConfigError("--changed-since", revision, "name a commit, a branch or a tag that this clone has")
    entries = [entry.split(b"\t", 1) for entry in listed.split(b"\0") if entry]
    return {os.fsdecode(name): facts.split()[2].decode() for facts, name in entries}


def _git(folder: str, *words: str) -> bytes | None:
    try:
        answer = subprocess.run([*QUIET_GIT, *words], cwd=folder, capture_output=True, check=False)  # noqa: S603 -- as there
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None
