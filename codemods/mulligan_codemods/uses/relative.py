"""Relative imports: what a dotted name with leading dots means in a file.

Rules: packages are the folders around the file that have an `__init__.py`; nothing is imported.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["absolute", "packages_around"]


def absolute(path: str | None, file: str) -> str | None:
    """Answer a dotted name without leading dots; `None` where it leads out of the file's packages.

    Args:
        path: a dotted name, relative where it begins with dots.
        file: the file that it stands in.

    >>> absolute("tenacity.retry", "shop/client.py"), absolute("..retry", "client.py")
    ('tenacity.retry', None)
    """
    if path is None or not path.startswith("."):
        return path
    name = path.lstrip(".")
    around = packages_around(file)
    up = len(path) - len(name) - 1
    if up >= len(around):
        return None
    return ".".join(part for part in (*(each.name for each in around[: len(around) - up]), name) if part)


def packages_around(file: str) -> list[Path]:
    """Answer the folders of the packages around a file, the outermost first."""
    found: list[Path] = []
    folder = Path(file).absolute().parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        found.insert(0, folder)
        folder = folder.parent
    return found
