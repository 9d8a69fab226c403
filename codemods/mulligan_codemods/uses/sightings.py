"""Find the uses of libraries and helpers in a module: bytes first, then one walk over its `ast`.

A use is a decorator, a call that makes a decorator or an object of attempts, a call that retries at once; or code that
depends on such a thing (`fn.retry_with`, a patch of the library's sleep, a star import). A handler of the library's own
error is none: that error is kept.

Rules: a name counts only where every binding that could reach it agrees; a folder or file of the project that is
called like a library hides it.
"""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, Other, names_of, statements_of
from mulligan_codemods.uses.helpers import is_helper
from mulligan_codemods.uses.relative import absolute, packages_around
from mulligan_codemods.uses.tables import BUILTIN, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.names import Names
    from mulligan_codemods.uses.tables import Entry

__all__ = ["Role", "Sighting", "sightings", "uses_in"]

SLEEPS = re.compile(r"(?:tenacity|retrying|retry|backoff|stamina)\b[\w.]*\.(?:sleep|time|asyncio)\b")
PATCHES = re.compile(rb"""["'](?:tenacity|retrying|retry\.api|backoff|stamina)\.[\w.]+["']|\.retry_with\(""")
RETRYING = frozenset({"decorator", "call", "class"})
CLASSES = frozenset({"Retrying", "AsyncRetrying", "RetryingCaller", "AsyncRetryingCaller"})
"""The classes of the libraries that retry; the others hold data."""

INSTALLED = frozenset({"site-packages", "dist-packages"})

LEAVES = (ast.Name, ast.Constant, ast.expr_context)
"""More than half of a tree's nodes; none of them is a use."""


class Role(StrEnum):
    """What a use is."""

    DECORATOR = "decorator"
    CALL = "call"
    STAR = "star"
    ATTRIBUTE = "attribute"
    PATCH = "patch"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One use.

    Args:
        role: what it is.
        node: the expression or statement.
        qualname: the function that is decorated, or the one that the use stands in; empty at the level of a module.
        entry: the symbol, where there is one.
    """

    role: Role
    node: ast.expr | ast.stmt
    qualname: str
    entry: Entry | None


def uses_in(data: bytes, tables: Tables = BUILTIN) -> bool:
    """Tell from the bytes alone whether a file may use one of the tables' symbols."""
    if not any(word in data for word in tables.words):
        return False
    if not any(mark in data for mark in tables.marks):
        return False
    return tables.imports.search(data) is not None or PATCHES.search(data) is not None


def sightings(path: str, tree: ast.Module, tables: Tables = BUILTIN) -> Iterator[Sighting]:
    """Yield the uses in a module, in no order."""
    hidden = _hidden(path, tables)
    roots = _roots(path, tree, tables, hidden)
    yield from _Walk(path, tree, tables, roots).uses()


def _hidden(path: str, tables: Tables) -> set[str]:
    """Answer the libraries that a module of the project itself hides: one beside the file, or beside its package.

    Beside an installed package stand the libraries themselves; those hide nothing but in their own files.
    """
    tops = {library.name for library in tables.libraries if "." not in library.name and not is_helper(library)}
    own = packages_around(path)[:1]
    return {
        top
        for top in tops
        for folder in (Path(path).absolute().parent, *(each.parent for each in own))
        if folder.name not in INSTALLED or top in {each.name for each in own}
        if os.path.isfile(folder / f"{top}.py") or os.path.isfile(folder / top / "__init__.py")  # noqa: PTH113 -- as in files
    }


def _roots(path: str, tree: ast.Module, tables: Tables, hidden: set[str]) -> dict[str, str]:
    """Answer the names that imports anywhere bind to a library or a symbol of one, with the dotted names of those."""
    found: dict[str, str] = {}
    for node in statements_of(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if _is_wanted(alias.name, tables, hidden):
                        top = alias.name.partition(".")[0]
                        found[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom(module=written, names=names, level=level):
                module = absolute("." * level + (written or ""), path) or ""
                for alias in names:
                    if _is_wanted(module, tables, hidden) or _is_wanted(f"{module}.{alias.name}", tables, hidden):
                        found[alias.asname or alias.name] = f"{module}.{alias.name}"
            case _:
                continue
    return found


def _is_wanted(module: str, tables: Tables, hidden: set[str]) -> bool:
    return module.partition(".")[0] not in hidden and tables.has_module(module)


class _Walk:
    """One walk over a module."""

    def __init__(self, path: str, tree: ast.Module, tables: Tables, roots: dict[str, str]) -> None:
        self._path = path
        self._tree = tree
        self._tables = tables
        self._roots = roots
        self._names: dict[tuple[int, ...], Names] = {}

    def uses(self) -> Iterator[Sighting]:
        """Yield every use."""
        stack: list[tuple[ast.AST, str, tuple[Function, ...]]] = [(self._tree, "", ())]
        decorators = set[ast.AST]()
        while stack:
            node, prefix, functions = stack.pop()
            inner, inside = prefix, functions
            if isinstance(node, Function):
                inner, inside = f"{prefix}{node.name}.<locals>.", (*functions, node)
                decorators.update(node.decorator_list)
                yield from self._decorators(node, f"{prefix}{node.name}", functions)
            elif isinstance(node, ast.ClassDef):
                inner = f"{prefix}{node.name}."
            elif node not in decorators:
                yield from self._use(node, prefix, functions)
            stack.extend(
                (child, inner, inside) if isinstance(child, ast.stmt) else (child, prefix, functions)
                for child in ast.iter_child_nodes(node)  # what is no statement of a definition is evaluated around it
                if not isinstance(child, LEAVES)
            )

    def _decorators(self, node: Function, name: str, functions: tuple[Function, ...]) -> Iterator[Sighting]:
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            entry = self._entry(called, functions)
            if entry is not None and entry.symbol.kind in RETRYING:
                yield Sighting(role=Role.DECORATOR, node=decorator, qualname=name, entry=entry)

    def _use(self, node: ast.AST, prefix: str, functions: tuple[Function, ...]) -> Iterator[Sighting]:
        where = prefix.removesuffix(".").removesuffix(".<locals>")
        match node:
            case ast.Call(func=func):
                entry = self._entry(func, functions)
                if entry is not None and _retries(entry):
                    yield Sighting(role=Role.CALL, node=node, qualname=where, entry=entry)
                elif _patches(node):
                    yield Sighting(role=Role.PATCH, node=node, qualname=where, entry=None)
                elif isinstance(func, ast.Attribute) and func.attr == "retry_with":
                    yield Sighting(role=Role.ATTRIBUTE, node=node, qualname=where, entry=None)
            case ast.Attribute(attr="statistics", value=ast.Attribute(attr="retry")):
                yield Sighting(role=Role.ATTRIBUTE, node=node, qualname=where, entry=None)
            case ast.ImportFrom(module=str() as module, names=[ast.alias(name="*")], level=0):
                if self._tables.has_module(module):
                    yield Sighting(role=Role.STAR, node=node, qualname=where, entry=None)
            case _:
                return

    def _entry(self, expression: ast.expr, functions: tuple[Function, ...]) -> Entry | None:
        root = expression
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or root.id not in self._roots:
            return None
        names = self._names_in(functions)
        path = names.resolve(expression)
        if path is None and not isinstance(names.local.get(root.id), Other):
            path = (
                self._roots[root.id] + ast.unparse(expression)[len(root.id) :]
            )  # it may be: the recogniser refuses it
        return self._tables.entry(absolute(path, self._path))

    def _names_in(self, functions: tuple[Function, ...]) -> Names:
        key = tuple(map(id, functions))
        if key not in self._names:
            self._names[key] = names_of(self._tree, functions)
        return self._names[key]


def _retries(entry: Entry) -> bool:
    symbol = entry.symbol
    return symbol.kind in {"decorator", "call"} or (symbol.kind == "class" and symbol.name in CLASSES)


def _patches(call: ast.Call) -> bool:
    """Tell whether a call's first argument names a library's sleep: `patch("tenacity.nap.time.sleep")`."""
    match call.args[:1]:
        case [ast.Constant(value=str() as text)]:
            return SLEEPS.fullmatch(text) is not None
        case _:
            return False
