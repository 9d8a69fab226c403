"""Compare two syntax trees that may differ by imports, by `pass`, and by assignments that nothing reads.

Rules: nothing else may differ, and nothing may be there that the first tree lacks; places don't count.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast

from mulligan_codemods.texts.idle import bound_idly

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["same_but_for"]

FREE = (ast.Import, ast.ImportFrom, ast.Pass)
BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def same_but_for(names: frozenset[str], one: ast.AST, other: ast.AST) -> bool:
    r"""Tell whether two trees are the same but for imports, `pass` and idle assignments of these names in the first.

    >>> same_but_for(frozenset({"n"}), ast.parse("import os\nn = 0\nf()"), ast.parse("f()"))
    True
    """
    if type(one) is not type(other):
        return False
    for name in one._fields:
        value, found = _field(one, name), _field(other, name)
        if name in BLOCKS:
            if not _same_blocks(names, _nodes(value), _nodes(found)):
                return False
        elif _dumped(value) != _dumped(found):
            return False
    return True


def _field(node: ast.AST, name: str) -> list[object]:
    """Answer what a field holds as a list: the types of its fields are unknown."""
    value: object = getattr(node, name, None)
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _nodes(values: list[object]) -> list[ast.AST]:
    return [each for each in values if isinstance(each, ast.AST)]


def _same_blocks(names: frozenset[str], one: Sequence[ast.AST], other: Sequence[ast.AST]) -> bool:
    rest = [each for each in other if not isinstance(each, FREE)]
    for each in one:
        if rest and same_but_for(names, each, rest[0]):
            rest.pop(0)
        elif not isinstance(each, FREE) and not _is_idle(each, names):
            return False
    return not rest


def _is_idle(node: ast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, ast.stmt) and bound_idly(node) in names


def _dumped(values: list[object]) -> list[str]:
    return [ast.dump(each) if isinstance(each, ast.AST) else repr(each) for each in values]
