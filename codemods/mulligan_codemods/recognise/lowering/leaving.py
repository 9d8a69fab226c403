"""Statements of the loop that leave it, as statements of a function: `break` becomes `return`.

Rules: pure; only the word `break` is changed, everything else keeps its text.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.loops.flow import jumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.texts.layout import Layout

__all__ = ["breaks", "returning"]


def breaks(body: Sequence[ast.stmt]) -> list[ast.Break]:
    """Answer the `break`s of a block that leave the loop around it, the last one first."""
    found = [node for node in jumps(body) if isinstance(node, ast.Break)]
    return sorted(found, key=lambda node: -node.lineno)


def returning(layout: Layout, body: Sequence[ast.stmt], text: str, answer: str) -> list[str]:
    """Answer the lines of a block with `return` in the place of every `break`.

    Args:
        layout: where the block stands.
        body: its statements.
        text: its text, as `Layout.block` answered it.
        answer: what is returned, empty for nothing.
    """
    lines = text.split("\n")
    first = (body[-1].end_lineno or 0) - len(lines) + 1
    margin = len(layout.indent(body[0].lineno))
    statement = f"return {answer}".rstrip()
    for node in breaks(body):
        number = node.lineno - first
        column = layout.column(node.lineno, node.col_offset) - margin
        line = lines[number]
        lines[number] = f"{line[:column]}{statement}{line[column + len('break') :]}"
    return lines
