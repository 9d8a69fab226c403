"""What of the policies' modules a region needs: the policies that it names, and what these are made of.

Rules: how far numbers and draws are varied follows from what the texts say; a policy of some other site must not
make a proof longer.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.texts.nodes import first_line
from mulligan_codemods.prove.texts.scopes import bound_names, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mulligan_codemods.prove.texts.region import Region

__all__ = ["relevant"]


def relevant(policies: Mapping[str, str], region: Region) -> dict[str, str]:
    """Return the policies' modules without the policies that the rewritten region doesn't name."""
    decorators = [] if region.decorator is None else [region.decorator]
    wanted = named([*region.new, *decorators])
    return {module: _reduced(text, wanted) for module, text in policies.items()}


def _reduced(text: str, wanted: set[str]) -> str:
    body = parsed(text).body
    bound = {id(statement): bound_names([statement]) for statement in body}
    kept = [statement for statement in body if bound[id(statement)] & wanted]
    found = set(wanted)
    while (more := named(kept) - found) != set():
        found |= more
        kept = [statement for statement in body if bound[id(statement)] & found]
    lines = text.split("\n")
    parts: list[str] = []
    for statement in body:
        if isinstance(statement, ast.ImportFrom):
            parts.append(_import_of(statement, found))
        elif statement in kept or isinstance(statement, ast.Import):
            parts += lines[first_line(statement) - 1 : statement.end_lineno]
    return "\n".join(parts)


def _import_of(statement: ast.ImportFrom, wanted: set[str]) -> str:
    names = [alias for alias in statement.names if (alias.asname or alias.name) in {*wanted, "*"}]
    return ast.unparse(ast.ImportFrom(statement.module, names, statement.level)) if names else ""


def named(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are read, also as attributes of a module."""
    return {
        name
        for node in nodes
        for inner in ast.walk(node)
        for name in (getattr(inner, "id", None), getattr(inner, "attr", None))
        if isinstance(name, str)
    }
