"""Where each key of a TOML document stands: its line by the path of keys.

Rules: the standard library's parser reads the document first, so this one meets valid text alone and answers nothing
but places. Items of arrays are addressed by their index. Grammar: TOML 1.0, https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Path", "line_of", "lines_of"]

Path: TypeAlias = "tuple[str | int, ...]"

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_BASIC: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL: Final = re.compile(r"'[^']*'")
_LONG_BASIC: Final = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})(?!")', re.DOTALL)
_LONG_LITERAL: Final = re.compile(r"'''.*?'''(?:'{0,2})(?!')", re.DOTALL)
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")
_STRINGS: Final = (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL)


def lines_of(text: str) -> Mapping[Path, int]:
    r"""Answer the line of each key and item, from 1.

    Args:
        text: a valid TOML document.

    >>> lines_of('[a]\nb = [\n  1,\n]\n')
    {('a',): 1, ('a', 'b'): 2, ('a', 'b', 0): 3}
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """Answer the line of a path, or of the nearest one above it.

    >>> line_of({("a",): 1}, ("a", "b", 0))
    1
    """
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)


class _Scanner:
    """Walks along one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._counts: dict[Path, int] = {}
        self.lines: dict[Path, int] = {}

    def document(self) -> None:
        """Note every key of the document."""
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`; a name on the way that is an array of tables stands for its last item."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        start = self._at
        self._at += brackets
        *above, last = self._key()
        self._at += brackets
        path: Path = ()
        for name in above:
            self._note((*path, name), start)
            path = self._latest((*path, name))
        path = (*path, last)
        self._note(path, start)
        if brackets == 1:
            return self._latest(path)
        self._counts[path] = self._counts.get(path, -1) + 1
        path = self._latest(path)
        self._note(path, start)
        return path

    def _latest(self, path: Path) -> Path:
        return (*path, self._counts[path]) if path in self._counts else path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table
        for name in self._key():
            path = (*path, name)
            self._note(path, start)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> Iterator[str]:
        names = [self._name()]
        while self._text.startswith(".", self._at):
            self._at += 1
            names.append(self._name())
        return iter(names)

    def _name(self) -> str:
        self._skip(_SPACE)
        start = self._at
        for pattern in (_BASIC, _LITERAL, _BARE):
            if self._skip(pattern):
                break
        written = self._text[start : self._at]
        self._skip(_SPACE)
        return _unquoted(written)

    def _value(self, path: Path) -> None:
        if self._text.startswith("[", self._at):
            self._array(path)
        elif self._text.startswith("{", self._at):
            self._inline_table(path)
        elif not any(self._skip(pattern) for pattern in _STRINGS):
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        self._skip(_BLANK)
        while not self._text.startswith("]", self._at):
            self._note((*path, index), self._at)
            self._value((*path, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        self._skip(_BLANK)
        while not self._text.startswith("}", self._at):
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._text, self._at)
        if found is None:
            return False
        self._at = found.end()
        return True

    def _note(self, path: Path, offset: int) -> None:
        self.lines.setdefault(path, bisect_right(self._ends, offset - 1) + 1)


def _unquoted(written: str) -> str:
    if written.startswith("'"):
        return written[1:-1]
    if not written.startswith('"') or "\\" not in written:
        return written.strip('"')
    from tomllib import loads  # noqa: PLC0415 - escapes in keys are rare

    return next(iter(loads(f"{written} = 0")))
