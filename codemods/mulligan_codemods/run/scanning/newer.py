"""Sites in a file whose syntax is newer than the Python that runs mulligan.

Rules: `ast` does not read such a file, so libcst does; its sites are found and refused by name, because neither the
recogniser nor the proof reads what `ast` does not. Brackets that are nested deeply never reach libcst: its parser
would end the process.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from mulligan_codemods.find import MODULE, PAUSES
from mulligan_codemods.rows import Excerpt, Row
from mulligan_codemods.site import Kind, Reason, Site, Span, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from libcst.metadata import CodeRange

    from mulligan_codemods.files.source import Source

__all__ = ["newer_sites"]

DEEPEST = 100
"""Brackets; real code has a tenth of that."""

BRACKET = re.compile(r"[()\[\]{}]")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


def newer_sites(source: Source) -> tuple[Row, ...] | None:
    """Answer the loops of a file that might retry, each refused; `None` where libcst does not read it either."""
    if _depth(source.text) > DEEPEST:
        return None
    try:
        wrapper = MetadataWrapper(cst.parse_module(source.text), unsafe_skip_copy=True)
    except Exception:  # noqa: BLE001 -- libcst raises more than its own syntax error
        return None
    finder = _Finder(wrapper.resolve(PositionProvider))
    wrapper.module.visit(finder)
    lines = source.text.split("\n")
    return tuple(_row(source.path, qualname, span, lines) for qualname, span in sorted(finder.found, key=_place))


def _place(found: tuple[str, Span]) -> tuple[int, int]:
    return found[1].line, found[1].column


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in BRACKET.finditer(text):
        depth = depth + 1 if bracket.group() in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


class _Finder(cst.CSTVisitor):
    """Collect the loops that hold a handler and a pause, by qualified name."""

    def __init__(self, places: Mapping[cst.CSTNode, CodeRange]) -> None:
        super().__init__()
        self._places = places
        self.found: list[tuple[str, Span]] = []
        self._names: list[str] = []
        self._loops: list[tuple[cst.CSTNode, set[str]]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 -- libcst's name
        self._names.append(f"{node.name.value}.<locals>")

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:  # noqa: ARG002, N802 -- libcst's name
        self._names.pop()

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802 -- libcst's name
        self._names.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:  # noqa: ARG002, N802 -- libcst's name
        self._names.pop()

    def visit_For(self, node: cst.For) -> None:  # noqa: N802 -- libcst's name
        self._loops.append((node, set()))

    def leave_For(self, original_node: cst.For) -> None:  # noqa: N802 -- libcst's name
        self._left(original_node)

    def visit_While(self, node: cst.While) -> None:  # noqa: N802 -- libcst's name
        self._loops.append((node, set()))

    def leave_While(self, original_node: cst.While) -> None:  # noqa: N802 -- libcst's name
        self._left(original_node)

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:  # noqa: ARG002, N802 -- libcst's name
        self._seen("handler")

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802 -- libcst's name
        match node.func:
            case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)) if PAUSES.search(name):
                self._seen("pause")
            case _:
                pass

    def _seen(self, what: str) -> None:
        for _, seen in self._loops:
            seen.add(what)

    def _left(self, loop: cst.For | cst.While) -> None:
        _, seen = self._loops.pop()
        if seen == {"handler", "pause"}:
            at = self._places[loop]
            span = Span(line=at.start.line, column=at.start.column, end_line=at.end.line, end_column=at.end.column)
            self.found.append((".".join(self._names).removesuffix(".<locals>") or MODULE, span))


def _row(path: str, qualname: str, span: Span, lines: list[str]) -> Row:
    head = Span(line=span.line, column=span.column, end_line=span.line, end_column=span.column)
    reason = Reason(code="ML013", message=f"Python {RUNNING} does not read this file, libcst does", span=head)
    site = Site(path=path, qualname=qualname, span=span, kind=Kind.LOOP, shape=None, is_retry=True, reason=reason)
    shown = Excerpt(line=span.line, lines=(lines[span.line - 1],))
    return Row(site=site, status=Status.REFUSED, reason=reason, shown=shown)
