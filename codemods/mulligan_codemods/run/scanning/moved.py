"""What a file has moved over already: sites whose old code waits behind the flag, and sites that use a policy.

Rules: a name counts as mulligan's where the module imports it from there. A file whose bytes don't name mulligan is
never parsed for this.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Unreadable, parse
from mulligan_codemods.names import EXECUTORS, dotted
from mulligan_codemods.rows import StagedSite
from mulligan_codemods.texts.staging import MARKS, Kept, kept_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.files.source import Source

__all__ = ["Moved", "moved_sites"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The sites of one file that moved over.

    Args:
        staged: those whose old code is kept.
        modern: how many use a policy, besides those.
        old: the lines of the old code that is kept, each from the first to the last.
    """

    staged: tuple[StagedSite, ...] = ()
    modern: int = 0
    old: tuple[tuple[int, int], ...] = ()

    def keeps(self, line: int) -> bool:
        """Tell whether a line is one of old code that is kept."""
        return any(first <= line <= last for first, last in self.old)


def moved_sites(source: Source) -> Moved:
    r"""Answer the sites of a file that moved over.

    >>> from mulligan_codemods.files.source import decode
    >>> text = b"from mulligan import execute\nfrom app.policies import FETCH\nexecute(FETCH, print)\n"
    >>> moved_sites(decode("app.py", text)).modern
    1
    """
    if b"mulligan" not in source.data:
        return Moved()
    tree = parse(source)
    if isinstance(tree, Unreadable):
        return Moved()
    marked = any(mark in source.data for mark in MARKS)
    found = kept_code(source.text) if marked else []
    return Moved(
        staged=tuple(StagedSite(path=source.path, line=each.line, site=each.site) for each in found),
        modern=_modern(tree, found),
        old=tuple(each.old for each in found),
    )


def _modern(tree: ast.Module, staged: Sequence[Kept]) -> int:
    named = _named(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and dotted(node.func) in named]
    return sum(not any(each.line <= call.lineno <= each.end_line for each in staged) for call in calls)


def _named(tree: ast.Module) -> frozenset[str]:
    """Answer the dotted names that mean an executor in a module."""
    found = set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="mulligan", names=names, level=0):
                found.update(alias.asname or alias.name for alias in names if alias.name in EXECUTORS)
            case ast.Import(names=names):
                modules = [alias.asname or alias.name for alias in names if alias.name == "mulligan"]
                found.update(f"{module}.{name}" for module in modules for name in EXECUTORS)
            case _:
                continue
    return frozenset(found)
