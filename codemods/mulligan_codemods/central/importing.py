"""Whether the central policies module may import an exception class, and how.

Rules: a policy whose errors are judged by a function of its site, or whose pauses a callback of it makes, stands there;
so does one of a file that no central module can be imported from.
Builtins may be imported, and classes of other distributions that are sure to be installed; a class of the site's
own package only from a module that imports nothing of that package itself, nor do the packages around it, so that no
import cycle can arise. Files are read, never imported.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.central.dependencies import is_installed
from mulligan_codemods.central.homes import home_of, module_name
from mulligan_codemods.lowered import ErrorClass, Lowered, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.lowered import Understood

__all__ = ["central_import", "is_central"]


def is_central(path: str, understood: Understood) -> bool:
    """Tell whether the policy of a site may live in the central module: whether it says everything there.

    Args:
        path: the site's file.
        understood: the site.
    """
    if isinstance(understood, Lowered) and understood.is_told_at_site:
        return False
    classes = understood.parameters.retry_on
    found = [each.origin is Origin.BUILTIN or central_import(path, each) is not None for each in classes]
    return bool(found) and all(found) and home_of(path).module is not None


def central_import(path: str, error: ErrorClass) -> str | None:
    """Answer the import statement that binds a class in the central module, `None` where there is none.

    Args:
        path: the file whose handler names the class.
        error: the class.
    """
    if error.origin is not Origin.IMPORTED or error.module is None:
        return None
    module = error.module
    own = (module_name(path) or "").partition(".")[0]
    if module.startswith(".") or module.partition(".")[0] == own:
        resolved = _first_party(path, module)
        if resolved is None:
            return None
        module = resolved
    elif not is_installed(path, module):
        return None
    return _statement(error, module)


def _statement(error: ErrorClass, module: str) -> str:
    if error.attribute is None:
        renamed = error.bound is not None and error.bound != module.partition(".")[0]
        return f"import {module} as {error.bound}" if renamed else f"import {_holder(error.text, module)}"
    renamed = error.bound is not None and error.bound != error.attribute
    return f"from {module} import {error.attribute}" + (f" as {error.bound}" if renamed else "")


def _holder(text: str, module: str) -> str:
    """Answer the module that holds a class: `import botocore` alone does not promise `botocore.exceptions`."""
    holder = text.rpartition(".")[0]
    return holder if holder.startswith(f"{module}.") and holder == holder.lower() else module


def _first_party(path: str, module: str) -> str | None:
    """Answer how the central module spells a module of its own package, where importing it can't be a cycle."""
    here = (module_name(path) or "").split(".")
    package = here if Path(path).stem == "__init__" else here[:-1]
    level = len(module) - len(module.lstrip("."))
    base = package[: len(package) - (level - 1)] if level else []
    absolute = [*base, *[part for part in module.lstrip(".").split(".") if part]]
    root = _root(path)
    if root is None or not absolute or not _is_leaf(root, tuple(absolute)):
        return None
    home = home_of(path)
    return module if level and Path(home.path).parent.resolve() == Path(path).parent.resolve() else ".".join(absolute)


def _root(path: str) -> Path | None:
    name = module_name(path)
    if name is None:
        return None
    depth = len(name.split(".")) - (0 if Path(path).stem == "__init__" else 1)
    return Path(path).absolute().parent if not depth else Path(path).absolute().parents[depth]


@lru_cache(maxsize=256)
def _is_leaf(root: Path, parts: tuple[str, ...]) -> bool:
    """Tell whether a module and the packages around it import nothing of their own top-level package."""
    file = root.joinpath(*parts).with_suffix(".py")
    if not file.is_file():
        return False
    around = [root.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts))]
    return all(not _imports_own(each, parts[0]) for each in [file, *around])


def _imports_own(file: Path, top: str) -> bool:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return True
    return any(name.startswith(".") or name.partition(".")[0] == top for name in _imported(tree))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, level=level):
                yield "." * level + (module or "")
            case _:
                continue
