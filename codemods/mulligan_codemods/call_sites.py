"""Where code uses named policies: what `mulligan policies docs` asks for by the entry point `mulligan.call_sites`.

A constant that stands for a policy is a module's name for `define(Policy(name="x"))`, `Policy(name="x")`, `policy("x")`
or `pipeline("x")`. A use is a place that reads the constant, in its module or by an import, or that asks
`policy("x")` on the spot.

Rules: `ast` alone; nothing is imported. A file that names neither mulligan nor one of the constants is not parsed. What
can't be read or parsed is left out: `mulligan scan` tells of it.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.files.discover import discover
from mulligan_codemods.files.source import Source, Unreadable, parse, read
from mulligan_codemods.names import Function, dotted, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["call_sites"]

Row = tuple[str, str, int, str]
LOADERS = frozenset({"policy", "pipeline"})
MAKERS = frozenset({"define", "Policy", "Pipeline"})


@dataclass(slots=True)
class Module:
    """One module: its tree, and which of its names stand for a policy."""

    path: str
    name: str | None
    tree: ast.Module
    constants: dict[str, str] = field(default_factory=dict[str, str])


def call_sites(paths: Sequence[str]) -> tuple[Row, ...]:
    """Answer where policies are used: name of the policy, path, line, and qualified name.

    Args:
        paths: files and folders.
    """
    sources = [source for path in discover(paths).files if isinstance(source := read(path), Source)]
    makers = list(_modules(source for source in sources if "mulligan" in source.text))
    for module in makers:
        module.constants |= _defined(module.tree)
    known = {(module.name, name): policy for module in makers for name, policy in module.constants.items()}
    names = {name for _, name in known}
    others = (source for source in sources if "mulligan" not in source.text)
    users = [*makers, *_modules(source for source in others if any(name in source.text for name in names))]
    return tuple(dict.fromkeys(row for module in users for row in _Uses(module, known).rows()))


def _modules(sources: Iterable[Source]) -> Iterator[Module]:
    for source in sources:
        tree = parse(source)
        if not isinstance(tree, Unreadable):
            yield Module(path=source.path, name=module_name(source.path), tree=tree)


def _defined(tree: ast.Module) -> dict[str, str]:
    """Answer the names of a module that are bound to a policy."""
    found: dict[str, str] = {}
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                policy = _policy_of(value)
                if policy is not None:
                    found[name] = policy
            case _:
                continue
    return found


def _policy_of(value: ast.expr) -> str | None:
    """Answer the name of the policy that an expression makes or asks for."""
    if not isinstance(value, ast.Call):
        return None
    called = _last_name(value.func)
    first = value.args[0] if value.args else None
    if called in LOADERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    if called not in MAKERS:
        return None
    given = next((each.value for each in value.keywords if each.arg == "name"), None)
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return given.value
    return None if first is None or called == "Policy" else _policy_of(first)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _imported(module: Module, known: dict[tuple[str | None, str], str]) -> dict[str, str]:
    """Answer the names that a module imports and that stand for a policy."""
    found: dict[str, str] = {}
    for node in statements_of(module.tree):
        if isinstance(node, ast.ImportFrom):
            origin = _absolute(module, node)
            for alias in node.names:
                policy = known.get((origin, alias.name))
                if policy is not None:
                    found[alias.asname or alias.name] = policy
    return found


def _absolute(module: Module, node: ast.ImportFrom) -> str | None:
    if not node.level:
        return node.module
    parts = (module.name or "").split(".")
    inside = os.path.basename(module.path) == "__init__.py"  # noqa: PTH119 - a name, and not a path
    kept = parts[: len(parts) - node.level + inside]
    return ".".join([*kept, *([node.module] if node.module else [])])


class _Uses:
    """Finds the uses in one module."""

    def __init__(self, module: Module, known: dict[tuple[str | None, str], str]) -> None:
        self._module = module
        self._constants = module.constants | _imported(module, known)
        self._modules = _module_aliases(module, known)

    def rows(self) -> Iterator[Row]:
        """Yield a row for each use."""
        for statement in self._module.tree.body:
            if not _is_definition(statement):
                yield from self._below(statement, ())

    def _below(self, node: ast.AST, around: tuple[str, ...]) -> Iterator[Row]:
        if isinstance(node, Function | ast.ClassDef):
            around = (*around, node.name)
        policy = self._named(node)
        if policy is not None:
            line: int = getattr(node, "lineno", 1)
            path = os.path.normpath(self._module.path).replace(os.sep, "/")
            yield policy, path, line, ".".join(around) or "<module>"
        for child in ast.iter_child_nodes(node):
            yield from self._below(child, around)

    def _named(self, node: ast.AST) -> str | None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                return self._constants.get(name)
            case ast.Attribute(value=value, attr=attribute, ctx=ast.Load()):
                return self._modules.get(dotted(value) or "", {}).get(attribute)
            case ast.Call() if _last_name(node.func) in LOADERS:
                return _policy_of(node)
            case _:
                return None


def _is_definition(node: ast.AST) -> bool:
    """Tell whether a statement of a module binds a name to a policy that it makes or asks for."""
    return (
        isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _policy_of(node.value) is not None
    )


def _module_aliases(module: Module, known: dict[tuple[str | None, str], str]) -> dict[str, dict[str, str]]:
    """Answer the names that stand for modules with policies, as in `import billing.policies as p`."""
    homes: dict[str, dict[str, str]] = {}
    for (home, name), policy in known.items():
        if home is not None:
            homes.setdefault(home, {})[name] = policy
    found: dict[str, dict[str, str]] = {}
    for node in statements_of(module.tree):
        pairs: list[tuple[str, str]] = []
        if isinstance(node, ast.Import):
            pairs = [(alias.asname or alias.name, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = _absolute(module, node)
            pairs = [(alias.asname or alias.name, f"{origin}.{alias.name}") for alias in node.names]
        found |= {called: homes[home] for called, home in pairs if home in homes}
    return found
