"""Staged branches: `if legacy_here("module:qualname"):` with the old code in it, and the new code in its `else`.

Rules: a branch is known by what its test calls, by whatever name the module imports it, with the site's name written
out. What else a test does with it is no branch that anything here would touch. Lines inside strings never move.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import parsed
from mulligan_codemods.names import blocks_of, dotted
from mulligan_codemods.texts.choices import ASKED, EITHER, Choice, choices, chosen, meant_by, resolved
from mulligan_codemods.texts.layout import indented, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "ASKED",
    "MARKS",
    "Branch",
    "Kept",
    "asked_as",
    "branches",
    "kept_code",
    "legacy_view",
    "modern_view",
    "others",
]

MARKS = (ASKED.encode(), EITHER.encode())
"""Without one of them in its bytes, a file has no staged site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One staged branch; lines are those of the text, from 1.

    Args:
        site: the site's name, `module:qualname`.
        line: the line of the `if`.
        end_line: the last line of the branch.
        old: the first and the last line of the old code, with its comments.
        new: those of the new code; `None` where the branch has no `else`.
    """

    site: str
    line: int
    end_line: int
    old: tuple[int, int]
    new: tuple[int, int] | None


def asked_as(tree: ast.Module) -> frozenset[str]:
    """Answer the dotted names that mean `legacy_here` in a module."""
    return meant_by(tree, ASKED)


def branches(text: str) -> tuple[Branch, ...]:
    """Answer the staged branches of a module, by their lines.

    >>> text = '''from mulligan.compat import legacy_here
    ... if legacy_here("app:<module>"):
    ...     old()
    ... else:
    ...     new()
    ... '''
    >>> [(each.site, each.old, each.new) for each in branches(text)]
    [('app:<module>', (3, 3), (5, 5))]
    """
    if ASKED not in text:
        return ()
    tree = parsed(text)
    asked = asked_as(tree)
    lines = text.split("\n")
    found = [each for node in ast.walk(tree) if isinstance(node, ast.If) for each in _branch(node, asked, lines, text)]
    return tuple(sorted(found, key=lambda each: each.line))


def _branch(node: ast.If, asked: frozenset[str], lines: Sequence[str], text: str) -> Iterator[Branch]:
    site = _site(node.test, asked)
    if site is None or not re.match(r"\s*if\b", lines[node.lineno - 1]) or not _is_block(node, text):
        return
    last = max(each.end_lineno or each.lineno for each in node.body)
    head = (node.test.end_lineno or node.lineno) + 1
    if not node.orelse:
        yield Branch(site=site, line=node.lineno, end_line=last, old=(head, last), new=None)
        return
    end = max(each.end_lineno or each.lineno for each in node.orelse)
    otherwise = [number for number in range(last + 1, node.orelse[0].lineno) if _is_else(lines[number - 1])]
    if len(otherwise) == 1:
        old = (head, otherwise[0] - 1)
        yield Branch(site=site, line=node.lineno, end_line=end, old=old, new=(otherwise[0] + 1, end))


def _is_block(node: ast.If, text: str) -> bool:
    """Tell whether old and new code have lines of their own."""
    layout = layout_of(text)
    parts = [part for part in (node.body, node.orelse) if part]
    return all(layout.owns_lines(part) for part in parts) and node.body[0].lineno > (node.test.end_lineno or 0)


def _is_else(line: str) -> bool:
    return re.fullmatch(r"\s*else\s*:\s*(#.*)?", line) is not None


def _site(test: ast.expr, asked: frozenset[str]) -> str | None:
    match test:
        case ast.Call(func=function, args=[ast.Constant(value=str(site))], keywords=[]) if dotted(function) in asked:
            return site
        case _:
            return None


Kept = Branch | Choice
"""Old code that is kept: statements, or an expression."""


def kept_code(text: str) -> list[Kept]:
    """Answer all old code that a module keeps, by its lines."""
    found: list[Kept] = [*branches(text), *choices(text)]
    return sorted(found, key=lambda each: each.line)


def others(text: str) -> tuple[int, ...]:
    """Answer the lines that ask for the old code in a way that is no branch."""
    if ASKED not in text:
        return ()
    tree = parsed(text)
    asked = asked_as(tree)
    known = {each.line for each in branches(text)}
    known |= {node.test.lineno for node, *_ in chosen(text) if isinstance(node, ast.IfExp)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and dotted(node.func) in asked]
    return tuple(sorted(node.lineno for node in calls if node.lineno not in known))


def modern_view(text: str, *, in_place: bool = False) -> str:
    r"""Answer a module as it is where no site runs its old code.

    Args:
        text: the module.
        in_place: whether every line that stays keeps its number, for the sake of who compares places.

    >>> modern_view('from mulligan.compat import legacy_here\nif legacy_here("a:b"):\n    old()\nelse:\n    new()\n')
    'from mulligan.compat import legacy_here\nnew()\n'
    """
    return _view(text, old=False, in_place=in_place)


def legacy_view(text: str) -> str:
    r"""Answer a module as it is where every site runs its old code.

    >>> legacy_view('from mulligan.compat import legacy_here\nif legacy_here("a:b"):\n    old()\nelse:\n    new()\n')
    'from mulligan.compat import legacy_here\nold()\n'
    """
    return _view(text, old=True, in_place=False)


def _view(text: str, *, old: bool, in_place: bool) -> str:
    """Resolve one branch after the other, the last first; a branch inside of another goes or stays with it."""
    while True:
        found = branches(text)
        if not found:
            return resolved(text, old=old, in_place=in_place)
        text = _resolved(text, found[-1], old=old, in_place=in_place)


def _resolved(text: str, branch: Branch, *, old: bool, in_place: bool) -> str:
    layout = layout_of(text)
    margin = layout.indent(branch.line)
    kept = branch.old if old else branch.new
    lines = [] if kept is None else _moved(text, kept, margin)
    if kept is None and _is_alone(text, branch):
        lines = [f"{margin}pass"]
    above = [""] * (kept[0] - branch.line if in_place and kept is not None else 0)
    below = [""] * (branch.end_line - branch.line + 1 - len(above) - len(lines) if in_place else 0)
    every = text.split("\n")
    every[branch.line - 1 : branch.end_line] = [*above, *lines, *below]
    return "\n".join(every)


def _moved(text: str, span: tuple[int, int], margin: str) -> list[str]:
    """Answer lines of a branch at the indentation of its `if`."""
    return indented(layout_of(text).passage(*span), margin).split("\n")


def _is_alone(text: str, branch: Branch) -> bool:
    """Tell whether a branch is all that its block holds."""
    blocks = (block for node in ast.walk(parsed(text)) for block in blocks_of(node) if len(block) == 1)
    return any(isinstance(only, ast.If) and only.lineno == branch.line for (only,) in blocks)
