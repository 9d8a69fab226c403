"""Where a use stands: its node, what is around it, and what names mean there.

Rules: pure; names are resolved as `mulligan_codemods.names` says, and a name that a class body binds is not the
module's there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import cut, parsed
from mulligan_codemods.names import Function, Names, Other, bound_names, names_of
from mulligan_codemods.uses.relative import absolute

if TYPE_CHECKING:
    from mulligan_codemods.site import Span

__all__ = ["Place", "locate", "span_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A use in its module.

    Args:
        path: the file.
        text: its text.
        tree: the module.
        node: the expression.
        ancestors: what is around it, the module first.
        decorated: the function that it decorates, if it is a decorator.
        names: what names mean where it is evaluated.
    """

    path: str
    text: str
    tree: ast.Module
    node: ast.expr
    ancestors: tuple[ast.AST, ...]
    decorated: Function | None
    names: Names

    @property
    def around(self) -> tuple[Function | ast.ClassDef, ...]:
        """The functions and classes that the expression is evaluated in, the outermost first."""
        return tuple(
            each for each in self.ancestors if isinstance(each, Function | ast.ClassDef) and each is not self.decorated
        )

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions among them."""
        return tuple(each for each in self.around if isinstance(each, Function))

    @property
    def function(self) -> Function | None:
        """The innermost of those functions."""
        return self.functions[-1] if self.functions else None

    @property
    def scope(self) -> ast.Module | Function:
        """The innermost function around it, or the module."""
        return self.function or self.tree

    def source(self, node: ast.expr) -> str:
        """Answer how the module spells an expression."""
        if getattr(node, "end_lineno", None) is None:
            return ast.unparse(node)
        return cut(self.text, span_of(node, self.text.split("\n")))  # `ast`'s own way goes by single characters

    def resolve(self, node: ast.expr) -> str | None:
        """Answer the dotted name that an expression stands for."""
        return absolute(self.names.resolve(node), self.path)


def locate(path: str, text: str, span: Span) -> Place | None:
    """Find the expression that a span covers, `None` where there is none."""
    tree = parsed(text)
    found = _find(tree, span, text.split("\n"))
    if found is None:
        return None
    node, ancestors = found
    parent = ancestors[-1]
    decorated = parent if isinstance(parent, Function) and node in parent.decorator_list else None
    names = _names(tree, [each for each in ancestors if each is not decorated])
    return Place(path=path, text=text, tree=tree, node=node, ancestors=ancestors, decorated=decorated, names=names)


def _names(tree: ast.Module, ancestors: list[ast.AST]) -> Names:
    names = names_of(tree, [each for each in ancestors if isinstance(each, Function)])
    scopes = [each for each in ancestors if isinstance(each, Function | ast.ClassDef | ast.Lambda)]
    if not scopes or not isinstance(scopes[-1], ast.ClassDef):
        return names
    own = {name: Other(line=scopes[-1].lineno, defined=False) for name in bound_names(scopes[-1].body)}
    return Names(module=names.module, local={**names.local, **own})


def _find(tree: ast.Module, span: Span, lines: list[str]) -> tuple[ast.expr, tuple[ast.AST, ...]] | None:
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while stack:
        node, ancestors = stack.pop()
        if isinstance(node, ast.expr) and _covers(node, span, lines):
            return node, ancestors
        first, last = _lines(node)
        if first is not None and last is not None and not first <= span.line <= last:
            continue
        stack.extend((child, (*ancestors, node)) for child in ast.iter_child_nodes(node))
    return None


def _lines(node: ast.AST) -> tuple[int | None, int | None]:
    if isinstance(node, Function | ast.ClassDef):
        return min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.end_lineno
    return getattr(node, "lineno", None), getattr(node, "end_lineno", None)


def _covers(node: ast.expr, span: Span, lines: list[str]) -> bool:
    return node.lineno == span.line and node.end_lineno == span.end_line and span_of(node, lines) == span


def span_of(node: ast.expr | ast.stmt, lines: list[str]) -> Span:
    """Answer the span of a node; `ast` counts columns in bytes."""
    from mulligan_codemods.site import Span  # noqa: PLC0415 -- a value, needed at run time here alone

    end = node.end_lineno or node.lineno
    return Span(
        line=node.lineno,
        column=len(lines[node.lineno - 1].encode()[: node.col_offset].decode()),
        end_line=end,
        end_column=len(lines[end - 1].encode()[: node.end_col_offset].decode()),
    )
