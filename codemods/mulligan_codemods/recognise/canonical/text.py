"""A loop with some of its lines written in another way, read again where it stands.

Rules: pure; only the text of the statement that holds the loop is parsed again, its line numbers stay; the names mean
what they meant. That the other way means the same is never trusted: the proof compares with the original.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function
from mulligan_codemods.recognise.loops.anatomy import dissect
from mulligan_codemods.recognise.loops.place import locate
from mulligan_codemods.site import Span
from mulligan_codemods.texts.layout import indented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.texts.layout import Layout

__all__ = ["block", "branch", "rewritten"]


def block(layout: Layout, statements: Sequence[ast.stmt], *, first_line: int | None = None) -> str:
    """Answer statements with the comments above them, moved to the left margin."""
    return layout.block([*statements], first_line=first_line or layout.commented(statements[0].lineno))


def branch(head: str, body: str) -> str:
    """Answer a compound statement, at the left margin."""
    lines = [line if line.startswith("\0") else f"    {line}" if line.strip() else "" for line in body.split("\n")]
    return "\n".join([head, *lines])


def rewritten(anatomy: Anatomy, first: int, last: int, text: str) -> Anatomy | None:
    """Read a loop again with a block in the place of some lines.

    Args:
        anatomy: the loop.
        first: the first line that is replaced.
        last: the last one.
        text: the block at the left margin, which gets the indentation of the first line.
    """
    place = anatomy.place
    lines = list(place.layout.lines)
    new = indented(text, place.layout.indent(first)).split("\n")
    top = place.top
    decorators = top.decorator_list if isinstance(top, Function | ast.ClassDef) else []
    begin = min([top.lineno, *(each.lineno for each in decorators)])
    end = top.end_lineno or top.lineno
    body = [*lines[begin - 1 : first - 1], *new, *lines[last:end]]
    span = place.layout.span(place.loop)
    try:
        found = locate("\n".join([*([""] * (begin - 1)), *body, ""]), Span(
            line=span.line, column=span.column, end_line=span.line, end_column=0,
        ))  # fmt: skip
    except (SyntaxError, ValueError):
        return None
    return None if found is None else dissect(replace(found, tree=place.tree, names=place.names))
