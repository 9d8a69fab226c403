"""Put other expressions in the place of names in a piece of source, f-strings included.

Rules: only names that are read as variables are replaced, never attributes, keywords or what a nested function binds;
everything else stays as it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Fold", "renamed"]

Fold = "Callable[[str], str | None]"
FOLDED = cst.Comparison | cst.BinaryOperation | cst.UnaryOperation | cst.Name


def renamed(source: str, fold: Callable[[str], str | None]) -> str:
    """Replace expressions in statements.

    Args:
        source: whole statements at the left margin.
        fold: answers what stands in the place of an expression, `None` to keep it; asked for the largest first.

    >>> renamed('log("%s", e, e=e.args)', {"e": "event.error"}.get)
    'log("%s", event.error, e=event.error.args)'
    """
    replacer = _Replacer(fold)
    return cst.parse_module(source).visit(replacer).code


class _Replacer(cst.CSTTransformer):
    """Replaces the largest expressions that `fold` knows."""

    def __init__(self, fold: Callable[[str], str | None]) -> None:
        super().__init__()
        self._fold = fold
        self._kept: set[cst.CSTNode] = set()
        self._tight: set[cst.CSTNode] = set()
        self._found: dict[cst.CSTNode, cst.BaseExpression] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note what must stay, and stop at what will be replaced."""
        match node:
            case cst.Attribute(value=value, attr=attribute):
                self._kept.add(attribute)
                self._tight.add(value)
            case cst.Arg(keyword=cst.Name() as keyword):
                self._kept.add(keyword)
            case cst.BinaryOperation(left=left, right=right):
                self._tight.update((left, right))
            case cst.UnaryOperation(expression=value) | cst.Subscript(value=value):
                self._tight.add(value)
            case cst.AssignTarget(target=target) | cst.AugAssign(target=target):
                self._kept.add(target)
            case _:
                pass
        return not self._replaced(node)

    def _replaced(self, node: cst.CSTNode) -> bool:
        if not isinstance(node, FOLDED) or node in self._kept:
            return False
        bare = node.with_changes(lpar=[], rpar=[])
        text = self._fold(cst.Module(body=[]).code_for_node(bare))
        if text is None:
            return False
        found = cst.parse_expression(text)
        compound = isinstance(found, cst.BinaryOperation | cst.UnaryOperation)
        if compound and node in self._tight:
            found = found.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        self._found[node] = found
        return True

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.BaseExpression | cst.CSTNodeT:  # type: ignore[override]  # libcst types the answer per node class
        """Put the replacement in its place."""
        found = self._found.get(original_node)
        return updated_node if found is None else found
