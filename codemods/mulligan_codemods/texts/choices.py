"""Staged expressions: the old one and the new one side by side, where a use of a library was replaced.

| form | where |
|---|---|
| `either("module:qualname", legacy=OLD, modern=NEW)` | a decorator, or what makes one |
| `OLD if legacy_here("module:qualname") else NEW` | an expression that is evaluated when the site runs |

Rules: as for branches: known by what is called, with the site's name written out; anything else is left alone.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import offsets, parsed
from mulligan_codemods.names import dotted
from mulligan_codemods.texts.layout import indented, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EITHER", "Choice", "choices", "chosen", "meant_by", "new_part", "resolved"]

EITHER = "either"
ASKED = "legacy_here"
ORIGINS = ("mulligan.compat", "mulligan.compat.staged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One staged expression; lines are those of the text, from 1.

    Args:
        site: the site's name, `module:qualname`.
        line: its first line.
        end_line: its last line.
        old: the first and the last line of the old expression.
    """

    site: str
    line: int
    end_line: int
    old: tuple[int, int]


def meant_by(tree: ast.Module, wanted: str) -> frozenset[str]:
    """Answer the dotted names that mean a function of `mulligan.compat` in a module."""
    found = set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="mulligan.compat" | "mulligan.compat.staged", names=names, level=0):
                found.update(alias.asname or alias.name for alias in names if alias.name == wanted)
            case ast.ImportFrom(module="mulligan", names=names, level=0):
                found.update(f"{alias.asname or 'compat'}.{wanted}" for alias in names if alias.name == "compat")
            case ast.Import(names=names):
                found.update(f"{alias.asname or alias.name}.{wanted}" for alias in names if alias.name in ORIGINS)
            case _:
                continue
    return frozenset(found)


def choices(text: str) -> tuple[Choice, ...]:
    """Answer the staged expressions of a module, by their lines.

    >>> text = '''from mulligan.compat import either
    ... @either("app:fetch", legacy=old(3), modern=new(FETCH))
    ... def fetch(): ...
    ... '''
    >>> [(each.site, each.line) for each in choices(text)]
    [('app:fetch', 2)]
    """
    return tuple(
        Choice(
            site=site, line=node.lineno, end_line=node.end_lineno or node.lineno,
            old=(old.lineno, old.end_lineno or old.lineno),
        )
        for node, site, old, _ in chosen(text)
    )  # fmt: skip


Found = tuple[ast.expr, str, ast.expr, ast.expr]
"""A staged expression: its node, its site, the old expression, the new one."""


def chosen(text: str) -> list[Found]:
    """Answer the staged expressions of a module as nodes, the first one first."""
    if EITHER not in text and ASKED not in text:
        return []
    tree = parsed(text)
    either, asked = meant_by(tree, EITHER), meant_by(tree, ASKED)
    found = [each for node in ast.walk(tree) for each in _chosen(node, either, asked)]
    return sorted(found, key=lambda each: (each[0].lineno, each[0].col_offset))


def _chosen(node: ast.AST, either: frozenset[str], asked: frozenset[str]) -> Iterator[Found]:
    match node:
        case ast.Call(
            func=function,
            args=[ast.Constant(value=str(site))],
            keywords=[ast.keyword(arg="legacy", value=old), ast.keyword(arg="modern", value=new)],
        ) if dotted(function) in either:
            yield node, site, old, new
        case ast.IfExp(
            test=ast.Call(func=function, args=[ast.Constant(value=str(site))], keywords=[]), body=old, orelse=new
        ) if dotted(function) in asked:
            yield node, site, old, new
        case _:
            return


def new_part(node: ast.expr, either: frozenset[str], asked: frozenset[str]) -> ast.expr | None:
    """Answer the new expression of a staged one; `None` where it is something else."""
    return next((new for _, _, _, new in _chosen(node, either, asked)), None)


def resolved(text: str, *, old: bool, in_place: bool) -> str:
    """Answer a module with every staged expression replaced by one of its two; the last one first.

    Args:
        text: the module.
        old: whether the old expressions are wanted.
        in_place: whether every line keeps its number.
    """
    while True:
        found = chosen(text)
        if not found:
            return text
        node, _, one, other = found[-1]
        text = _replaced(text, node, one if old else other, in_place=in_place)


def _replaced(text: str, node: ast.expr, kept: ast.expr, *, in_place: bool) -> str:
    layout = layout_of(text)
    begin, end = offsets(text, layout.span(node))
    if in_place:
        above = "\n" * (kept.lineno - node.lineno)
        below = "\n" * ((node.end_lineno or node.lineno) - (kept.end_lineno or kept.lineno))
        return f"{text[:begin]}({above}{layout.source(kept)}{below}){text[end:]}"
    begin, end = _with_brackets(text, begin, end)
    first, *rest = layout.fragment(kept).split("\n")
    margin = layout.indent(text.count("\n", 0, begin) + 1)
    moved = indented("\n".join(rest), margin).split("\n") if rest else []
    return text[:begin] + "\n".join([first, *moved]) + text[end:]


def _with_brackets(text: str, begin: int, end: int) -> tuple[int, int]:
    """Answer the span with the brackets that stand around it for its own sake, and not for a call's."""
    before, after = text[:begin].rstrip(), text[end:].lstrip()
    word = before[:-1][-1:]
    if not before.endswith("(") or not after.startswith(")") or word.isalnum() or word in {"_", ")", "]"}:
        return begin, end
    return len(before) - 1, len(text) - len(after) + 1
