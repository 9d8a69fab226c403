"""Where the central policies module of a file lives, and what its absolute name is.

Rules: one module per package, in the package's top-most folder; for modules outside packages, in their folder. The
module is known by its absolute name. Nothing is imported to find out: names follow from `__init__.py` files, and
those of the namespace packages around them (which have none) from what the package's own files import. A package whose
files import each other as if they stood right on the path is deployed without its own folder: it has no sure name.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["SETTINGS_NAME", "Home", "home_of", "module_name", "package_of"]

FILE_NAME = "retry_policies.py"
SETTINGS_NAME = "policies.toml"
DEEPEST_NAMESPACE = 8
RELATIVE = re.compile(rb"^\s*from\s+\.", re.MULTILINE)
WITNESSES = 200
"""How many files of a package are asked for the namespace around it."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Home:
    """A policies module.

    Args:
        path: its file.
        module: its absolute name; `None` where there is no importable one.
        settings: the file beside it that says what the policies are; `None` where the module itself does.
    """

    path: str
    module: str | None
    settings: str | None = None


def home_of(path: str, policies: str | None = None) -> Home:
    """Answer the policies module for the file at `path`.

    Args:
        path: the file to be rewritten.
        policies: the module's file where the user named one, or a file of settings.
    """
    if policies is not None and policies.endswith(".toml"):
        beside = str(Path(policies).with_name(FILE_NAME))
        return Home(path=beside, module=module_name(beside), settings=policies)
    if policies is not None:
        return Home(path=policies, module=module_name(policies))
    folder = Path(path).parent
    for above in _package_folders(path):
        folder = above
    file = os.path.normpath(folder / FILE_NAME)
    return Home(path=file, module=module_name(file))


def module_name(path: str) -> str | None:
    """Answer the absolute name under which the module at `path` is imported, `None` where it has none."""
    folders = _package_folders(path)
    names = [_absolute(above).name for above in reversed(folders)]
    stem = Path(path).stem
    top = _absolute(folders[-1] if folders else Path(path).parent)
    namespace = _namespace(top.parent if folders else top, top)
    if _stands_on_the_path([_absolute(folder) for folder in folders]):
        return None
    parts = [*namespace, *names] if stem == "__init__" else [*namespace, *names, stem]
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def package_of(path: str) -> str:
    """Answer the name of the top-most package around a module that has an `__init__.py`; without one, the module's."""
    folders = _package_folders(path)
    return _absolute(folders[-1]).name if folders else Path(path).stem


def _package_folders(path: str) -> list[Path]:
    """Answer the package folders around a file, the innermost first, spelled relative where `path` is."""
    found: list[Path] = []
    folder = Path(path).parent
    while (folder / "__init__.py").is_file() and _absolute(folder) != Path(os.sep):
        found.append(folder)
        folder = folder.parent if folder.name not in {"", os.pardir} else folder / os.pardir
    return found


def _stands_on_the_path(folders: Sequence[Path]) -> bool:
    """Tell whether files below package folders import `part.module` for what lies in one of them, and nothing else."""
    if not folders or _is_imported_as_package(folders[-1]):
        return False
    imported = _dotted_imports(folders[-1])
    return any(_is_part(folder, name) for folder in folders for name in imported)


@lru_cache(maxsize=256)
def _is_imported_as_package(top: Path) -> bool:
    """Tell whether a file below a package imports it by its own name, or relatively."""
    if any(top.name in name.split(".") for name in _dotted_imports(top)):
        return True
    return any(RELATIVE.search(file.read_bytes()) for file in _files(top))


def _is_part(folder: Path, name: str) -> bool:
    package, _, module = name.partition(".")
    return (folder / package / "__init__.py").is_file() and bool(module) and _lies_in(folder / package, module)


@lru_cache(maxsize=256)
def _namespace(around: Path, top: Path) -> tuple[str, ...]:
    """Answer the namespace packages that end at `around`, as the files below `top` import from them.

    An import speaks for a namespace where it names something that lies in it. A folder that is called as the package
    itself is a checkout of it.
    """
    folders = [around, *islice(around.parents, DEEPEST_NAMESPACE - 1)]
    names = [folder.name for folder in folders]
    imported = _dotted_imports(top)
    for depth in range(len(folders), 0, -1):
        namespace = tuple(reversed(names[:depth]))
        prefix = ".".join(namespace) + "."
        if namespace[0] == top.name and around != top:
            continue
        if any(_lies_in(around, name.removeprefix(prefix)) for name in imported if name.startswith(prefix)):
            return namespace
    return ()


@lru_cache(maxsize=256)
def _dotted_imports(top: Path) -> frozenset[str]:
    """Answer the modules that the files below `top` import, and what they take from one: it may be a module too."""
    pattern = re.compile(rb"^\s*(?:from|import)\s+(\w+(?:\.\w+)+)(?:[ \t]+import[ \t]+\(?[ \t]*(\w+))?", re.MULTILINE)
    found: set[bytes] = set()
    for file in _files(top):
        for module, name in pattern.findall(file.read_bytes()):
            found.update((module, module + b"." + name) if name else (module,))
    return frozenset(name.decode(errors="replace") for name in found)


def _files(top: Path) -> Iterator[Path]:
    below = "**/*.py" if (top / "__init__.py").is_file() else "*.py"  # a folder of scripts may be anyone's home
    files = (file for file in sorted(top.glob(below)) if file.is_file() and os.access(file, os.R_OK))
    return islice(files, WITNESSES)


def _lies_in(folder: Path, name: str) -> bool:
    first = folder / name.partition(".")[0]
    return first.is_dir() or first.with_suffix(".py").is_file()


def _absolute(folder: Path) -> Path:
    return Path(os.path.abspath(folder))  # noqa: PTH100 -- a linked package is imported by the link's name
