"""Where the central policies module of a file lives, and under which name the file imports it.

Rules: one module per package, in the package's top-most folder; for modules outside packages, in their folder. The
module is imported by its absolute name. Nothing is imported to find out: names follow from `__init__.py` files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Home", "home_of", "module_name"]

FILE_NAME = "retry_policies.py"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Home:
    """A policies module: its file, and its absolute name; `module` is `None` where there is no importable name."""

    path: str
    module: str | None


def home_of(path: str, policies: str | None = None) -> Home:
    """Answer the policies module for the file at `path`.

    Args:
        path: the file to be rewritten.
        policies: the module's file where the user named one.
    """
    if policies is not None:
        return Home(path=policies, module=module_name(policies))
    folder = Path(path).parent
    for above in _package_folders(path):
        folder = above
    file = os.path.normpath(folder / FILE_NAME)
    return Home(path=file, module=module_name(file))


def module_name(path: str) -> str | None:
    """Answer the absolute name under which the module at `path` is imported, `None` where it has none."""
    names = [_absolute(above).name for above in reversed(_package_folders(path))]
    stem = Path(path).stem
    parts = names if stem == "__init__" else [*names, stem]
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def _package_folders(path: str) -> list[Path]:
    """Answer the package folders around a file, the innermost first, spelled relative where `path` is."""
    found: list[Path] = []
    folder = Path(path).parent
    while (folder / "__init__.py").is_file() and _absolute(folder) != Path(os.sep):
        found.append(folder)
        folder = folder.parent if folder.name not in {"", os.pardir} else folder / os.pardir
    return found


def _absolute(folder: Path) -> Path:
    return Path(os.path.abspath(folder))  # noqa: PTH100 -- a linked package is imported by the link's name
