"""Several handlers that go round again as one, which tells the classes apart: `if isinstance(error, Throttled): …`.

Rules: pure; a handler whose body is nothing but an `if` lends its branches to the new one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import read_names
from mulligan_codemods.recognise.canonical.text import block, branch, rewritten

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.texts.layout import Layout

__all__ = ["merged"]

Branch = tuple[str | None, str]
"""The condition (`None`: always) and the body of one branch."""


def merged(anatomy: Anatomy) -> Anatomy | None:
    """Merge the handlers that go round again; `None` where there is one, or they can't be merged."""
    again = anatomy.again
    if len(again) < 2:
        return None
    names = {handler.name for handler in again if handler.name is not None}
    if len(names) > 1 or any(handler.type is None for handler in again):
        return None
    name = next(iter(names), "error")
    if not names and name in read_names([anatomy.place.loop]):
        return None
    layout = anatomy.place.layout
    branches: list[Branch] = []
    for handler in again:
        test = None if handler is again[-1] else f"isinstance({name}, {_source(layout, handler.type)})"
        branches += _branches(layout, handler, test)
    classes = ", ".join(_classes(layout, handler.type) for handler in again)
    text = branch(f"except ({classes}) as {name}:", _chain(branches))
    return _replaced(anatomy, again[0], text, [*again[1:]])


def _replaced(anatomy: Anatomy, first: ast.ExceptHandler, text: str, gone: list[ast.ExceptHandler]) -> Anatomy | None:
    """Put a handler in the place of the first one, and leave out others, from the last on."""
    handlers = anatomy.attempt.handlers
    inside = [each for each in handlers if handlers.index(each) > handlers.index(first) and each not in gone]
    layout = anatomy.place.layout
    last = gone[-1].end_lineno or gone[-1].lineno
    others = [layout.lines[number - 1] for each in inside if each.lineno < last for number in _lines(each)]
    margin = layout.indent(first.lineno)
    moved = [line.removeprefix(margin) for line in others]
    return rewritten(anatomy, first.lineno, last, "\n".join([text, *moved]))


def _lines(handler: ast.ExceptHandler) -> range:
    return range(handler.lineno, (handler.end_lineno or handler.lineno) + 1)


def _source(layout: Layout, node: ast.expr | None) -> str:
    return "" if node is None else layout.source(node)


def _classes(layout: Layout, node: ast.expr | None) -> str:
    if isinstance(node, ast.Tuple):
        return ", ".join(layout.source(each) for each in node.elts)
    return _source(layout, node)


def _branches(layout: Layout, handler: ast.ExceptHandler, test: str | None) -> list[Branch]:
    header = (handler.type.end_lineno if handler.type is not None else None) or handler.lineno
    body = handler.body
    if len(body) != 1 or not isinstance(body[0], ast.If):
        return [(test, block(layout, body, first_line=header + 1))]
    found: list[Branch] = []
    each = body[0]
    while True:
        own = f"({layout.fragment(each.test)})"
        found.append((own if test is None else f"{test} and {own}", block(layout, each.body)))
        if len(each.orelse) == 1 and isinstance(each.orelse[0], ast.If):
            each = each.orelse[0]
            continue
        return [*found, (test, block(layout, each.orelse) if each.orelse else "pass")]


def _chain(branches: list[Branch]) -> str:
    heads = ["if", *["elif"] * len(branches)]
    return "\n".join(
        branch("else:" if test is None else f"{head} {test}:", body)
        for head, (test, body) in zip(heads, branches, strict=False)
    )
