"""Where the nodes of a syntax tree stand in the text: offsets, pieces of text with their comments, indentation.

Rules: nothing is ever printed from a tree; what is kept is a piece of the original text. Lines that continue a
string are never moved. A text is tokenised statement by statement, and only where somebody asks: tokenising whole
files would cost more than everything else that recognition does.
"""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import parsed
from mulligan_codemods.site import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Comment", "Layout", "headed", "indented", "layout_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment: its line (from 1), its text with the `#`, and whether nothing else stands on the line."""

    line: int
    text: str
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The lines of a module's text, and where they begin.

    Args:
        text: the module's text.
        lines: its lines, without their ends.
        starts: the offset of each line, and of the end.
        heads: the lines that begin a statement of the module or of a class, the first line before them all.
    """

    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    heads: tuple[int, ...]

    def column(self, line: int, offset: int) -> int:
        """Translate `ast`'s offset in UTF-8 bytes to characters."""
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode())

    def span(self, node: ast.stmt | ast.expr | ast.excepthandler) -> Span:
        """Answer where a node stands."""
        end_line = node.end_lineno or node.lineno
        return Span(
            line=node.lineno,
            column=self.column(node.lineno, node.col_offset),
            end_line=end_line,
            end_column=self.column(end_line, node.end_col_offset or 0),
        )

    def source(self, node: ast.stmt | ast.expr) -> str:
        """Answer the text of a node."""
        span = self.span(node)
        begin = self.starts[span.line - 1] + span.column
        return self.text[begin : self.starts[span.end_line - 1] + span.end_column]

    def fragment(self, node: ast.stmt | ast.expr) -> str:
        """Answer the text of a node whose further lines are moved as those of a block are."""
        first, *rest = self.source(node).split("\n")
        margin = self.indent(node.lineno)
        return "\n".join(
            [first, *(self._moved(node.lineno + count, margin, text) for count, text in enumerate(rest, 1))]
        )

    def indent(self, line: int) -> str:
        """Answer the white space that begins a line."""
        text = self.lines[line - 1]
        return text[: len(text) - len(text.lstrip())]

    def commented(self, line: int) -> int:
        """Answer the first line of the comments directly above a line; the line itself where there are none."""
        while line > 1 and self._is_comment(line - 1):
            line -= 1
        return line

    def owns_lines(self, statements: list[ast.stmt]) -> bool:
        """Tell whether these statements share no line with any other code."""
        first, last = statements[0], statements[-1]
        span, end = self.span(first), self.span(last)
        before = self.lines[first.lineno - 1][: span.column]
        after = self.lines[end.end_line - 1][end.end_column :].strip()
        return not before.strip() and (not after or after.startswith("#"))

    def block(self, statements: list[ast.stmt], *, first_line: int | None = None) -> str:
        """Answer whole statements with their comments, moved to the left margin.

        Args:
            statements: neighbours in one block.
            first_line: the line where comments before the first statement may begin.
        """
        if not self.owns_lines(statements):
            return "\n".join(self.source(statement) for statement in statements)
        begin = first_line or statements[0].lineno
        while begin < statements[0].lineno and not self.lines[begin - 1].strip():
            begin += 1
        end = statements[-1].end_lineno or statements[-1].lineno
        margin = self.indent(statements[0].lineno)
        return "\n".join(self._moved(number, margin) for number in range(begin, end + 1))

    def passage(self, first: int, last: int) -> str:
        """Answer whole lines, comments included, moved to the left margin by as much as their first code is."""
        lines = range(first, last + 1)
        code = [number for number in lines if self.lines[number - 1].strip() and not self._is_comment(number)]
        margin = self.indent((code or [first])[0])
        return "\n".join(self._moved(number, margin) for number in lines)

    def _is_comment(self, number: int) -> bool:
        return self.lines[number - 1].lstrip().startswith("#")

    def _moved(self, number: int, margin: str, part: str | None = None) -> str:
        line = self.lines[number - 1] if part is None else part
        if self._inside_string(number):
            return f"\0{line}"
        return line[len(margin) :] if line.startswith(margin) else line.lstrip()

    def comments_between(self, first: int, last: int) -> tuple[Comment, ...]:
        """Answer the comments of these lines, the last included."""
        if not any("#" in line for line in self.lines[first - 1 : last]):
            return ()
        begin, end = self._part(first), self._part(last)
        return tuple(
            replace(comment, line=number)
            for part in range(begin, end + 1)
            for comment in self._marks(part).comments
            if first <= (number := comment.line + self.heads[part] - 1) <= last
        )

    def _inside_string(self, number: int) -> bool:
        part = self._part(number)
        return number - self.heads[part] + 1 in self._marks(part).inside_strings

    def _part(self, line: int) -> int:
        return bisect_right(self.heads, line) - 1

    def _marks(self, part: int) -> Marks:
        end = self.heads[part + 1] if part + 1 < len(self.heads) else len(self.lines) + 1
        return _marks("\n".join((*self.lines[self.heads[part] - 1 : end - 1], "")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The comments of a piece of text, and its lines that continue a string; its first line is 1."""

    comments: tuple[Comment, ...]
    inside_strings: frozenset[int]


def headed(word: str, test: str) -> str:
    """Answer the head of a compound statement with a condition, over several lines where the condition is.

    >>> print(headed("if", "ready"))
    if ready:
    """
    if "\n" not in test:
        return f"{word} {test}:"
    lines = [line if line.startswith("\0") else f"    {line}" for line in test.split("\n")]
    return "\n".join([f"{word} (", *lines, "):"])


def indented(block: str, indent: str) -> str:
    """Move a block that `Layout.block` answered to `indent`; lines inside strings stay where they are."""
    return "\n".join(_placed(line, indent) for line in block.split("\n"))


def _placed(line: str, indent: str) -> str:
    if line.startswith("\0"):
        return line[1:]
    return f"{indent}{line}" if line.strip() else ""


@lru_cache(maxsize=8)
def layout_of(text: str) -> Layout:
    """Measure a module's text, which must be one that `ast` parses."""
    lines = tuple(text.split("\n"))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    heads = sorted({1, *_heads(parsed(text).body, lines)})
    return Layout(text=text, lines=lines, starts=tuple(starts), heads=tuple(heads))


def _heads(statements: list[ast.stmt], lines: tuple[str, ...]) -> Iterator[int]:
    """Yield the lines where one of these statements begins, and begins its line."""
    for statement in statements:
        decorated = statement.decorator_list if isinstance(statement, Definition) else []
        line = min((statement.lineno, *(each.lineno for each in decorated)))
        before = lines[statement.lineno - 1].encode()[: statement.col_offset]
        if not before.strip():
            yield line
        if isinstance(statement, ast.ClassDef):
            yield from _heads(statement.body, lines)


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@lru_cache(maxsize=64)
def _marks(text: str) -> Marks:
    comments: list[Comment] = []
    inside: set[int] = set()
    opened: list[int] = []
    lines = text.split("\n")
    for token in _tokens(text):
        name = tokenize.tok_name[token.type]
        if name == "COMMENT":
            alone = not lines[token.start[0] - 1][: token.start[1]].strip()
            comments.append(Comment(line=token.start[0], text=token.string, alone=alone))
        elif name == "STRING":
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        elif name in {"FSTRING_START", "TSTRING_START"}:
            opened.append(token.start[0])
        elif name in {"FSTRING_END", "TSTRING_END"}:
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    return Marks(comments=tuple(comments), inside_strings=frozenset(inside))


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
