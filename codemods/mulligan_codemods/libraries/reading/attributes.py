"""What the other files of a use's project say: whether something reads what only a library's decorator sets.

Rules: files are read, never imported; the package around the file and the tests beside it count, each read once.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["attributes_read"]

READ = re.compile(rb"\.(?:retry_with|statistics|retry\.(?:stop|wait|sleep|retry|statistics|before|after))\b")
OWNER = re.compile(rb"(\w+)$")
HINTS = (b".retry_with", b".statistics", b".retry.")
LONGEST = 100
MOST_FILES = 20_000


def attributes_read(path: str) -> frozenset[str]:
    """Answer the names of functions of which `retry`, `retry_with` or `statistics` is read somewhere."""
    return _read(_root(path))


def _root(path: str) -> Path:
    folder = Path(path).absolute().parent
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


@lru_cache(maxsize=8)
def _read(root: Path) -> frozenset[str]:
    beside = [root.parent / name for name in ("test", "tests")] if (root / "__init__.py").is_file() else []
    files = chain.from_iterable(each.rglob("*.py") for each in (root, *beside))
    found: set[bytes] = set()
    for file in islice(files, MOST_FILES):
        if os.access(file, os.R_OK) and file.is_file():
            found.update(_owners(file.read_bytes()))
    return frozenset(name.decode(errors="replace") for name in found)


def _owners(data: bytes) -> Iterator[bytes]:
    """Yield the names whose attributes are read; most files have no such attribute at all."""
    if not any(hint in data for hint in HINTS):
        return
    for read in READ.finditer(data):
        owner = OWNER.search(data[max(0, read.start() - LONGEST) : read.start()])
        if owner is not None:
            yield owner[1]
