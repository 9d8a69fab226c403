"""Put other expressions in the place of names in a piece of source, f-strings included.

Rules: only names that are read as variables are replaced, never attributes, keywords or what a nested function binds;
everything else stays as it is written. A number that takes a name's place becomes part of the text where the code only
showed it: in an f-string, and in `str(…)`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["renamed"]

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
        self._strings = 0
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
            case cst.FormattedString():
                self._strings += 1
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

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.CSTNode | cst.CSTNodeT:  # type: ignore[override]  # libcst types the answer per node class
        """Put the replacement in its place."""
        self._strings -= isinstance(original_node, cst.FormattedString)
        found = self._found.get(original_node)
        if found is not None:
            return found
        match original_node, updated_node:
            case cst.FormattedStringExpression(expression=shown, conversion=None, format_spec=None, equal=None), _:
                number = self._number(shown)
                return updated_node if number is None else cst.FormattedStringText(number)
            case cst.FormattedString(parts=parts), cst.FormattedString() if any(map(_is_expression, parts)):
                return _plain(updated_node)
            case cst.Call(), _ if not self._strings and (number := self._number(original_node)) is not None:
                return cst.SimpleString(f'"{number}"')
            case _:
                return updated_node

    def _number(self, node: cst.CSTNode) -> str | None:
        """Answer the number that takes an expression's place, also where `str` is called on it."""
        match node:
            case cst.Call(func=cst.Name("str"), args=[cst.Arg(value=inner, keyword=None, star="")]):
                return self._number(inner)
            case _:
                found = self._found.get(node)
                return found.value if isinstance(found, cst.Integer | cst.Float) else None


def _is_expression(part: cst.BaseFormattedStringContent) -> bool:
    return isinstance(part, cst.FormattedStringExpression)


def _plain(string: cst.FormattedString) -> cst.FormattedString | cst.SimpleString:
    """Answer an f-string as a plain string where nothing is left in it to be formatted."""
    if any(map(_is_expression, string.parts)):
        return string
    text = "".join(part.value for part in string.parts if isinstance(part, cst.FormattedStringText))
    text = text.replace("{{", "{").replace("}}", "}")
    return cst.SimpleString(f"{re.sub('[fF]', '', string.start)}{text}{string.end}", string.lpar, string.rpar)
