"""One Python file as bytes and as text, and the way back, byte for byte.

Rules: the other stages see text with LF line ends and without a byte order mark; `Source.encode` gives every line
that was not touched its own line end back. What can't be read is an `Unreadable` value with a code of the rule
table, never an exception: one bad file must not stop a run. Nothing here writes.
"""

from __future__ import annotations

import ast
import codecs
import re
import tokenize
import warnings
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.site import Span

__all__ = ["Source", "Unreadable", "bytes_of", "cut", "decode", "offsets", "parse", "parsed", "read"]

LINE_END = re.compile(r"\r\n|\r|\n")
FIRST_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that was left alone as a whole: a code of the rule table and a sentence that says what is wrong."""

    path: str
    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that could be decoded.

    Args:
        path: the path as it was given.
        data: the bytes of the file.
        text: the decoded text; every line ends with LF, the byte order mark is gone.
        encoding: the codec's name (PEP 263), never the variant that writes a byte order mark.
        bom: whether the file begins with a UTF-8 byte order mark.
        ends: the one line end of all lines, or the line end of each line in turn where they are mixed.
    """

    path: str
    data: bytes
    text: str
    encoding: str
    bom: bool = False
    ends: str | tuple[str, ...] = "\n"

    def encode(self, text: str) -> bytes:
        r"""Give `text` the encoding, the byte order mark and the line ends of this file.

        A line that `text` shares with the file keeps its own line end; a new line gets the file's most frequent.

        Raises:
            UnicodeEncodeError: `text` holds a character that the file's encoding lacks.

        >>> source = decode("a.py", b"x = 1\r\ny = 2\r\n")
        >>> source.encode("x = 1\nz = 3\n")
        b'x = 1\r\nz = 3\r\n'
        """
        restored = "".join(_restored(self.text, text, self.ends))
        return (codecs.BOM_UTF8 if self.bom else b"") + restored.encode(self.encoding)


def read(path: str) -> Source | Unreadable:
    """Read and decode the file at `path`."""
    try:
        if not Path(path).is_file():
            return Unreadable(path=path, code="ML001", message="is no file")
        data = Path(path).read_bytes()
    except OSError as error:
        return Unreadable(path=path, code="ML001", message=f"cannot be read: {error.strerror or error}")
    return decode(path, data)


def bytes_of(path: str) -> bytes | None:
    """Answer what the file at `path` holds, `None` where it can't be read."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 -- pathlib costs more than the reading
            return file.read()
    except OSError:
        return None


def decode(path: str, data: bytes) -> Source | Unreadable:
    """Decode `data` as Python itself would: byte order mark, encoding cookie, otherwise UTF-8."""
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        return Unreadable(path=path, code="ML003", message="holds a NUL byte", line=line)
    try:
        name, _ = tokenize.detect_encoding(_first_two_lines(data).__next__)
    except SyntaxError as error:
        return Unreadable(path=path, code="ML002", message=_wrong_encoding(str(error)), line=1)
    bom = data.startswith(codecs.BOM_UTF8)
    encoding = "utf-8" if bom else name
    return _decoded(path, data, data[len(codecs.BOM_UTF8) :] if bom else data, encoding, bom=bom)


def _wrong_encoding(told: str) -> str:
    return "is not UTF-8, and names no encoding" if told.startswith("invalid or missing") else told


def _first_two_lines(data: bytes) -> Iterator[bytes]:
    """Yield the two lines that may hold an encoding cookie; a lone CR ends a line too."""
    start = 0
    for _ in range(2):
        match = FIRST_LINES.match(data, start)
        line = match.group() if match else b""
        start += len(line)
        yield line
    while True:
        yield b""


def _decoded(path: str, data: bytes, body: bytes, encoding: str, *, bom: bool) -> Source | Unreadable:
    try:
        raw = body.decode(encoding)
        exact = raw.encode(encoding) == body
    except (UnicodeError, LookupError) as error:
        return Unreadable(path=path, code="ML002", message=f"is not {encoding}: {error}", line=_bad_line(body, error))
    if not exact:
        return Unreadable(path=path, code="ML002", message=f"cannot be written back exactly as {encoding}", line=1)
    if "\r" not in raw:
        return Source(path=path, data=data, text=raw, encoding=encoding, bom=bom)
    ends = LINE_END.findall(raw)
    text = LINE_END.sub("\n", raw)
    uniform = ends[0] if len(set(ends)) == 1 else tuple(ends)
    return Source(path=path, data=data, text=text, encoding=encoding, bom=bom, ends=uniform)


def _bad_line(body: bytes, error: UnicodeError | LookupError) -> int:
    return body.count(b"\n", 0, error.start) + 1 if isinstance(error, UnicodeDecodeError) else 1


def _restored(old: str, new: str, ends: str | Sequence[str]) -> Iterator[str]:
    """Yield the lines of `new`, each with its line end: its own where the line is an old one."""
    if isinstance(ends, str):
        yield new.replace("\n", ends)
        return
    old_lines, new_lines = old.split("\n"), new.split("\n")
    usual = max(sorted(set(ends)), key=ends.count)
    own = [usual] * len(new_lines)
    for block in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_matching_blocks():
        for index in range(block.size):
            if block.a + index < len(ends):
                own[block.b + index] = ends[block.a + index]
    own[-1] = ""
    yield from (line + end for line, end in zip(new_lines, own, strict=True))


def parse(source: Source) -> ast.Module | Unreadable:
    """Parse the text; a syntax error or too deep nesting is a value."""
    try:
        return parsed(source.text)
    except SyntaxError as error:
        message = f"does not parse: {error.msg}"
        return Unreadable(path=source.path, code="ML004", message=message, line=error.lineno)
    except ValueError as error:
        return Unreadable(path=source.path, code="ML004", message=f"does not parse: {error}")
    except (RecursionError, MemoryError):
        return Unreadable(path=source.path, code="ML005", message="is nested too deeply to be parsed")


@lru_cache(maxsize=4)
def parsed(text: str) -> ast.Module:
    """Parse a module's text once for all who look at it; none of them may change the tree.

    Raises:
        SyntaxError: the text does not parse.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def offsets(text: str, span: Span) -> tuple[int, int]:
    r"""Translate a span into the character offsets of its begin and end in `text`.

    >>> from mulligan_codemods.site import Span
    >>> offsets("a\nbcd\n", Span(line=2, column=1, end_line=2, end_column=3))
    (3, 5)
    """
    starts = [0]
    for _ in range(span.end_line - 1):
        starts.append(text.index("\n", starts[-1]) + 1)
    return starts[span.line - 1] + span.column, starts[span.end_line - 1] + span.end_column


def cut(text: str, span: Span) -> str:
    """Answer the part of `text` that `span` covers."""
    begin, end = offsets(text, span)
    return text[begin:end]
