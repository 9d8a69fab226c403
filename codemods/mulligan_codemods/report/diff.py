"""Unified diffs of bytes, as `git apply` reads them from the folder where they were printed.

Rules: lines are split at LF alone, so every other byte of a line is in the diff as it is in the file.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mulligan_codemods.files.write import Change

__all__ = ["styled", "unified"]

NO_FINAL_NEWLINE = b"\\ No newline at end of file\n"
STYLES = (("---", "bold"), ("+++", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"), ("\\", "dim"))
ESCAPES = {ord("\t"): rb"\t", ord("\n"): rb"\n", ord("\r"): rb"\r", ord('"'): rb"\"", ord("\\"): rb"\\"}


def unified(changes: Iterable[Change]) -> bytes:
    r"""Answer the diff of all changes.

    >>> from mulligan_codemods.files.write import Change
    >>> unified([Change(path="a.py", before=b"x = 1\n", after=b"x = 2")]).splitlines()[2:]
    [b'@@ -1 +1 @@', b'-x = 1', b'+x = 2', b'\\ No newline at end of file']
    """
    return b"".join(line for change in changes for line in _lines(change))


def _lines(change: Change) -> Iterator[bytes]:
    name = _relative(change.path)
    old = b"/dev/null" if change.before is None else _quoted("a/", name)
    for line in difflib.diff_bytes(
        difflib.unified_diff,
        _split(change.before or b""),
        _split(change.after),
        old,
        _quoted("b/", name),
        lineterm=b"\n",
    ):
        yield line
        if not line.endswith(b"\n"):
            yield b"\n" + NO_FINAL_NEWLINE


def _split(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _relative(path: str) -> str:
    relative = os.path.relpath(path)
    outside = relative.startswith(os.pardir)
    return (str(Path(path).absolute()).lstrip("/") if outside else relative).replace(os.sep, "/")


def _quoted(prefix: str, name: str) -> bytes:
    """Quote a name as git does; a tab ends a name that holds blanks."""
    raw = prefix.encode() + os.fsencode(name)
    if any(byte in ESCAPES or byte < 32 or byte > 126 for byte in raw):
        return b'"' + b"".join(_escaped(byte) for byte in raw) + b'"'
    return raw + b"\t" if b" " in raw else raw


def _escaped(byte: int) -> bytes:
    if byte in ESCAPES:
        return ESCAPES[byte]
    return bytes((byte,)) if 32 <= byte <= 126 else b"\\%03o" % byte


def styled(diff: bytes) -> Iterator[tuple[str, str]]:
    """Yield the lines of a diff for a terminal, each with its style; what is no UTF-8 is replaced."""
    for line in diff.decode("utf-8", "replace").split("\n")[:-1]:
        style = next((style for start, style in STYLES if line.startswith(start)), "")
        yield line.rstrip("\r"), style
