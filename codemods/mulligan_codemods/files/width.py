"""How long a file's lines may be, as its project's formatter is told.

Rules: the nearest settings of ruff, then of black, at or above the file; where there are none, 88, unless the file
shows by longer lines that nobody holds it to that.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

__all__ = ["line_length"]

USUAL: Final = 88
WIDE: Final = 100
"""For files that no formatter holds to a length."""

FILES: Final = ("ruff.toml", ".ruff.toml", "pyproject.toml")


def line_length(path: str, text: str) -> int:
    """Answer the number of characters that a line of the file at `path`, whose text is `text`, may have."""
    told = _told(Path(path).absolute().parent)
    if told is not None:
        return told
    return USUAL if all(len(line) <= USUAL for line in text.split("\n")) else WIDE


@lru_cache(maxsize=1024)
def _told(folder: Path) -> int | None:
    for name in FILES:
        found = _length(folder / name)
        if found is not None:
            return found
    return None if folder.parent == folder or (folder / ".git").exists() else _told(folder.parent)


def _length(file: Path) -> int | None:
    try:
        settings: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    if file.name != "pyproject.toml":
        return _number(settings)
    tools: dict[str, Any] = settings.get("tool", {})
    return _number(tools.get("ruff")) or _number(tools.get("black"))


def _number(settings: object) -> int | None:
    match settings:
        case {"line-length": int() as length} if length > 20:
            return length
        case _:
            return None
