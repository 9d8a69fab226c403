"""Which scope a name belongs to, by Python's own rules: what a function binds, and what its module binds how.

Rules: nothing is guessed. A name bound in more than one way, or rebound by a `global` statement, is not known to be
anything; star imports are refused, since they could bind any name.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.terms import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["FunctionNode", "Module", "Scope", "bound_names", "parsed", "read_module", "scope_of", "walk_scope"]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def walk_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk nodes without entering nested functions and classes (their names, decorators and defaults are seen)."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        stack.extend(_children(node))


def _children(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        case ast.Lambda():
            return [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases]
        case _:
            return ast.iter_child_nodes(node)


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements bind in their own scope (comprehension variables are not among them)."""
    roots = tuple(nodes)
    found: set[str] = set()
    comprehends = False
    for node in walk_scope(roots):
        found.update(_binds(node))
        comprehends = comprehends or isinstance(node, ast.comprehension)
    return found - _comprehension_only(roots) if comprehends else found


def _binds(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.ExceptHandler(name=str(name)):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return tuple(alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return (name,)
        case _:
            return ()


def _comprehension_only(nodes: Iterable[ast.AST]) -> set[str]:
    inside: set[str] = set()
    outside: set[str] = set()
    stack: list[tuple[ast.AST, bool]] = [(node, False) for node in nodes]
    while stack:
        node, hidden = stack.pop()
        (inside if hidden else outside).update(_binds(node))
        for child in _children(node):
            target = isinstance(node, ast.comprehension) and child is node.target
            walrus = isinstance(node, ast.NamedExpr)
            stack.append((child, target or (hidden and not walrus and _hides(node))))
    return inside - outside


def _hides(node: ast.AST) -> bool:
    return isinstance(node, ast.Tuple | ast.List | ast.Starred | ast.Name)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of one function: bound here, declared global, declared nonlocal."""

    bound: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]


_SCOPE_CACHE: dict[int, tuple[ast.AST, Scope]] = {}


def scope_of(node: FunctionNode) -> Scope:
    """Return the scope of a function."""
    cached = _SCOPE_CACHE.get(id(node))
    if cached is not None and cached[0] is node:
        return cached[1]
    scope = _read_scope(node)
    if len(_SCOPE_CACHE) > 4096:
        _SCOPE_CACHE.clear()
    _SCOPE_CACHE[id(node)] = (node, scope)
    return scope


def _read_scope(node: FunctionNode) -> Scope:
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    global_names = {name for inner in walk_scope(body) if isinstance(inner, ast.Global) for name in inner.names}
    nonlocal_names = {name for inner in walk_scope(body) if isinstance(inner, ast.Nonlocal) for name in inner.names}
    bound = bound_names(body) | set(parameter_names(node.args))
    return Scope(frozenset(bound - global_names - nonlocal_names), frozenset(global_names), frozenset(nonlocal_names))


def parameter_names(arguments: ast.arguments) -> list[str]:
    """Return the parameters' names."""
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    splats = [splat for splat in (arguments.vararg, arguments.kwarg) if splat is not None]
    return [argument.arg for argument in (*named, *splats)]


@dataclass(frozen=True, slots=True)
class Module:
    """The bindings of a module: name → the nodes that bind it at module level, and its text's `lines` and `words`."""

    tree: ast.Module
    bindings: dict[str, list[ast.AST]]
    rebound: frozenset[str]
    name: str | None = None
    package: bool = False
    lines: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    known: dict[str, Value] = field(default_factory=dict[str, Value], compare=False)

    @property
    def star(self) -> bool:
        """Tell whether a star import may bind any name."""
        return "*" in self.bindings

    def spells(self, name: str) -> bool:
        """Tell whether a name stands anywhere in the module as a variable."""
        return name in self.words and any(
            isinstance(node, ast.Name) and node.id == name for node in ast.walk(self.tree)
        )

    def sole(self, name: str) -> ast.AST | None:
        """Return the one node that binds the name, where there is exactly one and nothing rebinds it."""
        nodes = self.bindings.get(name, [])
        return nodes[0] if len(nodes) == 1 and name not in self.rebound else None

    def origin(self, name: str) -> str | None:
        """Return the dotted origin of a name that import statements at the module's top bind, all to the same."""
        nodes = self.bindings.get(name, [])
        imported = all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)
        if not nodes or name in self.rebound or not imported:
            return None
        top = _top(self.tree)
        if any(id(node) not in top for node in nodes):
            return None
        origins = {self._origin(node, name) for node in nodes}
        return origins.pop() if len(origins) == 1 else None

    def _origin(self, node: ast.AST, name: str) -> str | None:
        match node:
            case ast.Import(names=aliases):
                return next(
                    (_import_origin(a) for a in aliases if (a.asname or a.name.partition(".")[0]) == name), None
                )
            case ast.ImportFrom(names=aliases):
                found = next((a.name for a in aliases if (a.asname or a.name) == name), None)
                return None if found is None else f"{self._source(node)}.{found}"
            case _:
                return None

    def _source(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        if self.name is None:
            return "." * node.level + (node.module or "")
        parts = self.name.split(".")
        drop = node.level - 1 if self.package else node.level
        return ".".join([*parts[: len(parts) - drop], *([node.module] if node.module else [])])


@lru_cache(maxsize=64)
def _top(tree: ast.Module) -> frozenset[int]:
    return frozenset(map(id, tree.body))


def _import_origin(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def parsed(text: str) -> ast.Module:
    """Parse without a word: what Python warns of, such as an escape that is none, is no business of the proof."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


@lru_cache(maxsize=64)
def read_module(text: str, name: str | None = None, *, package: bool = False) -> Module:
    """Parse a module and note what it binds."""
    tree = parsed(text)
    bindings: dict[str, list[ast.AST]] = {}
    for node in walk_scope(tree.body):
        for bound in _binds(node):
            bindings.setdefault(bound, []).append(node)
    for hidden in _comprehension_only(tree.body):
        bindings.pop(hidden, None)
    rebound = {
        name
        for node in (ast.walk(tree) if "global" in text else ())
        if isinstance(node, ast.Global)
        for name in node.names
    }
    lines = tuple(re.split(r"\r\n?|\n", text))  # as Python counts them
    words = frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", text)))  # as Python reads names
    return Module(tree, bindings, frozenset(rebound), name, package, lines, words)
