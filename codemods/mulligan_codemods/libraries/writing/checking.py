"""Check a rewrite without trusting what wrote it: one expression changed, besides imports and the policy's definition.

Rules: both trees are walked side by side; the one place where they may differ is the expression of the site.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, cast

from mulligan_codemods.libraries.reading.place import span_of
from mulligan_codemods.names import statements_of

if TYPE_CHECKING:
    from mulligan_codemods.site import Site

__all__ = ["changed", "violation"]

Import = ast.Import | ast.ImportFrom


def violation(before: str, after: str, site: Site) -> str | None:
    """Say what is wrong with the rewrite of `site`, a site of `before`, or `None`."""
    try:
        old, new = _parsed(before), _parsed(after)
        found = _changed(old, new, before, site)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"the new text does not parse: {error}"
    if isinstance(found, str):
        return found
    lost = _lost(old, new)
    return f"an import that is still needed was removed: {', '.join(sorted(lost))}" if lost else None


def changed(before: str, after: str, site: Site) -> ast.expr | str:
    """Answer the expression that took the place of a use; a sentence where something else changed too.

    Raises:
        SyntaxError: one of the texts does not parse.
    """
    return _changed(_parsed(before), _parsed(after), before, site)


def _parsed(text: str) -> ast.Module:
    """Parse a text anew: whoever wrote it may have changed the tree that it shares with others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _changed(old: ast.Module, new: ast.Module, before: str, site: Site) -> ast.expr | str:
    walk = _Walk(site, before.split("\n"))
    if not walk.same(old, new):
        return f"code outside the use in {site.qualname} would change"
    return walk.found if walk.found is not None else "the use is still there"


class _Walk:
    """Two trees side by side."""

    def __init__(self, site: Site, lines: list[str]) -> None:
        self._span = site.span if site.lowered is None else site.lowered.region
        self._lines = lines
        self.found: ast.expr | None = None

    def same(self, old: object, new: object) -> bool:
        """Tell whether both are the same, but for the use and for imports."""
        if isinstance(old, ast.expr) and isinstance(new, ast.expr) and self._is_use(old) and self.found is None:
            self.found = new
            return ast.dump(old) != ast.dump(new)
        if isinstance(old, ast.AST) and isinstance(new, ast.AST):
            return type(old) is type(new) and all(
                self.same(getattr(old, name, None), getattr(new, name, None)) for name in old._fields
            )
        if isinstance(old, list):
            return isinstance(new, list) and self._lists(cast("list[object]", old), cast("list[object]", new))
        return repr(old) == repr(new)  # constants: 1 is not True

    def _lists(self, old: list[object], new: list[object]) -> bool:
        one, other = _without_imports(old), _without_imports(new)
        return len(one) == len(other) and all(map(self.same, one, other))

    def _is_use(self, node: ast.expr) -> bool:
        return node.lineno == self._span.line and span_of(node, self._lines) == self._span


def _without_imports(nodes: list[object]) -> list[object]:
    return [each for each in nodes if not isinstance(each, Import)]


def _lost(old: ast.Module, new: ast.Module) -> set[str]:
    """Answer names that an import of the old text bound, that none of the new one binds, and that are still read."""
    gone = _bound(old) - _bound(new)
    return gone & {node.id for node in ast.walk(new) if isinstance(node, ast.Name)}


def _bound(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in statements_of(tree)
        if isinstance(node, Import)
        for alias in node.names
    }
