"""How a file spells the central policies module: as it spells the other modules of its package.

Rules: relative where the file imports its own package relatively and never absolutely; absolute in a file that may be
run as a script, or that stands in no package of the policies module.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["spelled"]


def spelled(tree: ast.Module, path: str, policies_module: str) -> str:
    """Answer what stands between `from` and `import`.

    Args:
        tree: the module that is to import a policy.
        path: its file.
        policies_module: the absolute name of the central policies module.
    """
    root, _, name = policies_module.rpartition(".")
    dots = _dots(path, root) if root else 0
    if not dots or not _imports_relatively(tree) or _is_script(tree):
        return policies_module
    if any(each == root or each.startswith(f"{root}.") for each in _absolute_imports(tree)):
        return policies_module
    return "." * dots + name


def _dots(path: str, root: str) -> int:
    """Answer how many dots lead from a file to a package around it; 0 where it isn't around it."""
    parts = (module_name(path) or "").split(".")
    package = parts if Path(path).stem == "__init__" else parts[:-1]
    around = root.split(".")
    return len(package) - len(around) + 1 if package[: len(around)] == around else 0


def _imports_relatively(tree: ast.Module) -> bool:
    """Tell whether a module can't be imported without its package; in a `try`, there may be another way."""
    return any(isinstance(node, ast.ImportFrom) and node.level for node in tree.body)


def _absolute_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str() as module, level=0):
                yield module
            case _:
                continue


def _is_script(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.If)
        and any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))
        for node in tree.body
    )
