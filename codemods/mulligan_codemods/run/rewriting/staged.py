"""Check a rewrite that keeps the old code, and show it to the proof as if it did not.

Rules: without the old code, the rewrite is an ordinary one and is held to all that holds for those; without the new
code, the module is what it was, but for imports.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.run.rewriting.verify import violation
from mulligan_codemods.texts.staging import legacy_view, modern_view

if TYPE_CHECKING:
    from mulligan_codemods.site import Site

__all__ = ["modern_views", "staged_violation"]


def modern_views(before: str, after: str) -> tuple[str, str]:
    """Answer two texts as they are where no site runs its old code; lines keep their numbers."""
    return modern_view(before, in_place=True), modern_view(after, in_place=True)


def staged_violation(before: str, after: str, site: Site, policy: str) -> str | None:
    """Say what is wrong with a rewrite of `site` that keeps the old code, or `None`.

    Args:
        before: the module's text.
        after: the rewritten text.
        site: the site.
        policy: the name of its policy.
    """
    try:
        views = modern_views(before, after)
        old, new = _code(legacy_view(before), policy), _code(legacy_view(after), policy)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"the new text does not parse: {error}"
    return violation(*views, site, policy) or (None if old == new else "the old code would change")


def _code(text: str, policy: str) -> str:
    """Answer what a module does, without imports and the definition of a policy."""
    return ast.dump(_Bare(policy).visit(ast.parse(text)))


class _Bare(ast.NodeTransformer):
    """Leaves imports and the definition of a policy out."""

    def __init__(self, policy: str) -> None:
        self._policy = policy

    def visit_Import(self, node: ast.Import) -> None:
        """Leave an import out."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Leave an import out."""

    def visit_Assign(self, node: ast.Assign) -> ast.Assign | None:
        """Leave the policy out."""
        match node.targets:
            case [ast.Name(id=name)] if name == self._policy:
                return None
            case _:
                return node
