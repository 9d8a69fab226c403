"""Remove the old code of staged sites, and what only it needed, as one change a file.

Rules: where the flag says nothing, a file does afterwards what it did before. A use of `legacy_here` that is no plain
branch is left alone and named. Nothing is written here; what would be is checked first: beyond the branches, imports
and assignments that only the old code read, the syntax tree is the old one, and a second run finds nothing to do.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Source, Unreadable, parse, read
from mulligan_codemods.files.write import Change
from mulligan_codemods.names import dotted
from mulligan_codemods.rows import Report, StagedSite
from mulligan_codemods.run.resemblance import same_but_for
from mulligan_codemods.texts.choices import EITHER, meant_by, new_part
from mulligan_codemods.texts.idle import without_idle
from mulligan_codemods.texts.imports import without_imports
from mulligan_codemods.texts.layout import layout_of
from mulligan_codemods.texts.staging import MARKS, Kept, asked_as, kept_code, modern_view, others

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Finalized", "finalized", "reported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalized:
    """What becomes of one file with staged sites.

    Args:
        path: the file.
        change: the file without the old code; `None` where nothing is to be removed.
        sites: the sites whose old code goes.
        dropped: comments that go with it, and stand nowhere in what is left.
        left: uses of the flag that are left alone.
        error: why the file is left alone altogether.
    """

    path: str
    change: Change | None = None
    sites: tuple[StagedSite, ...] = ()
    dropped: tuple[str, ...] = ()
    left: tuple[int, ...] = ()
    error: Unreadable | None = None


def finalized(files: Sequence[str]) -> tuple[Finalized, ...]:
    """Answer what becomes of those of `files` that have staged sites, or can't be read and might have some."""
    return tuple(found for path in files for found in _of_file(path))


def reported(found: Sequence[Finalized]) -> Report:
    """Answer what becomes of these files as a report: their changes, and those that are left alone."""
    changes = tuple(each.change for each in found if each.change is not None)
    errors = tuple(each.error for each in found if each.error is not None)
    return Report(rows=(), errors=errors, files=len(found), seconds=0.0, changes=changes)


def _of_file(path: str) -> Iterator[Finalized]:
    source = read(path)
    if isinstance(source, Unreadable):
        return
    if not any(mark in source.data for mark in MARKS):
        return
    tree = parse(source)
    if isinstance(tree, Unreadable):
        yield Finalized(path=path, error=tree)
    elif asked_as(tree) or meant_by(tree, EITHER):
        yield _finalized(source)


def _finalized(source: Source) -> Finalized:
    found = kept_code(source.text)
    left = others(source.text)
    names = _read(source.text, found)
    new = _without_old(source.text, names) if found else source.text
    wrong = _violation(source.text, new, found, names) if found else None
    if wrong is not None:
        return Finalized(path=source.path, left=left, error=Unreadable(path=source.path, code="ML010", message=wrong))
    change = Change(path=source.path, before=source.data, after=source.encode(new))
    return Finalized(
        path=source.path,
        change=change if found else None,
        sites=tuple(StagedSite(path=source.path, line=each.line, site=each.site) for each in found),
        dropped=_lost(source.text, new, found),
        left=left,
    )


def _without_old(text: str, names: frozenset[str]) -> str:
    new = without_idle(modern_view(text), names)
    tree = ast.parse(text)
    asked = asked_as(tree) | meant_by(tree, EITHER)
    return without_imports(new, names | {name.partition(".")[0] for name in asked})


def _read(text: str, found: Sequence[Kept]) -> frozenset[str]:
    """Answer the names that the old code mentions."""
    names = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    return frozenset(name.id for name in names if any(_holds(each.old, name.lineno) for each in found))


def _holds(lines: tuple[int, int], line: int) -> bool:
    return lines[0] <= line <= lines[1]


def _violation(before: str, after: str, found: Sequence[Kept], names: frozenset[str]) -> str | None:
    """Say what is wrong with a text without the old code, or `None`."""
    try:
        old, new = ast.parse(before), ast.parse(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"the new text does not parse: {error}"
    if kept_code(after) or len(others(after)) != len(others(before)):
        return "old code would be left"
    expected = _Resolved(old, frozenset(each.line for each in found)).visit(old)
    return None if same_but_for(names, expected, new) else "code outside the branches would change"


class _Resolved(ast.NodeTransformer):
    """Puts the new code of branches in their place, on the syntax tree."""

    def __init__(self, tree: ast.Module, lines: frozenset[int]) -> None:
        self._asked = asked_as(tree)
        self._either = meant_by(tree, EITHER)
        self._lines = lines

    def visit_If(self, node: ast.If) -> ast.If | list[ast.stmt]:
        """Answer what stands in a branch's `else`."""
        self.generic_visit(node)
        test = node.test
        if node.lineno in self._lines and isinstance(test, ast.Call) and dotted(test.func) in self._asked:
            return node.orelse
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Answer the new decorator."""
        return self._new(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Answer the new expression."""
        return self._new(node)

    def _new(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return new_part(node, self._either, self._asked) or node


def _lost(before: str, after: str, found: Sequence[Kept]) -> tuple[str, ...]:
    """Answer the comments of the old code that stand nowhere in what is left."""
    layout = layout_of(before)
    comments = [comment.text for each in found for comment in layout.comments_between(*each.old)]
    return tuple(text for text in dict.fromkeys(comments) if text not in after)
