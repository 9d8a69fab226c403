"""Calls broken over lines as ruff and black leave them, and the line length that a file is formatted to.

A call stands on one line where it fits; else its arguments stand on one line of their own; else each argument has its
line and a trailing comma, and is itself broken where it must be.

Rules: pure but for the settings that are read; source that came from the file is never broken differently than it was.
"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["WIDTH", "called", "line_length", "listed", "placed"]

WIDTH = 100
"""The line length where none is configured."""

STEP = "    "


def called(head: str, arguments: Sequence[str], indent: str, width: int, *, always: bool = False) -> list[str]:
    """Write a call.

    Args:
        head: all that stands before the parenthesis.
        arguments: their texts, which may have several lines.
        indent: the white space before the call.
        width: the longest line.
        always: whether each argument stands on a line of its own in any case.

    >>> called("execute", ["FETCH", "get"], "", 20)
    ['execute(FETCH, get)']
    >>> called("execute", ["FETCH", "get"], "", 18)
    ['execute(', '    FETCH, get', ')']
    """
    flat = ", ".join(arguments)
    inner = f"{indent}{STEP}"
    single = "\n" not in flat and not always
    if single and len(f"{indent}{head}({flat})") <= width:
        return [f"{indent}{head}({flat})"]
    if single and len(f"{inner}{flat}") <= width:
        return [f"{indent}{head}(", f"{inner}{flat}", f"{indent})"]
    return [f"{indent}{head}(", *(line for each in arguments for line in _argument(each, inner, width)), f"{indent})"]


def listed(head: str, items: Sequence[str], tail: str, indent: str, width: int) -> list[str]:
    """Write a line that holds a tuple: `except (A, B) as error:`.

    >>> listed("except ", ["OSError", "ValueError"], ":", "", 20)
    ['except (', '    OSError,', '    ValueError,', '):']
    """
    flat = items[0] if len(items) == 1 else f"({', '.join(items)})"
    if len(items) == 1 or len(f"{indent}{head}{flat}{tail}") <= width:
        return [f"{indent}{head}{flat}{tail}"]
    return [f"{indent}{head}(", *(f"{indent}{STEP}{item}," for item in items), f"{indent}){tail}"]


def placed(block: str, indent: str) -> list[str]:
    """Move a block from the left margin; lines inside of strings stay where they are."""
    return [_moved(line, indent) for line in block.split("\n")]


def _moved(line: str, indent: str) -> str:
    if line.startswith("\0"):
        return line[1:]
    return f"{indent}{line}" if line.strip() else ""


def _argument(text: str, indent: str, width: int) -> Iterator[str]:
    """Yield the lines of one argument, with its comma."""
    if "\n" in text or len(f"{indent}{text},") <= width or not text.isascii():
        yield from placed(f"{text},", indent)
        return
    broken = _broken(text, indent, width)
    yield from [*broken[:-1], f"{broken[-1]},"] if broken else [f"{indent}{text},"]


def _broken(text: str, indent: str, width: int) -> list[str] | None:
    """Answer an argument over several lines, `None` where nothing in it can be broken."""
    name, value = _keyword(text)
    match ast.parse(value, mode="eval").body:
        case ast.Call(func=func, args=args, keywords=keywords) if args or keywords:
            parts = [_piece(value, each) for each in args]
            parts += [
                f"{each.arg}={_piece(value, each.value)}" if each.arg else f"**{_piece(value, each.value)}"
                for each in keywords
            ]
            return called(f"{name}{_piece(value, func)}", parts, indent, width, always=len(parts) > 1)
        case ast.Tuple(elts=elements) if len(elements) > 1:
            return listed(name, [_piece(value, each) for each in elements], "", indent, width)
        case _:
            return None


def _keyword(text: str) -> tuple[str, str]:
    match = re.match(r"(\w+)=(?!=)", text)
    if match is not None:
        return match[0], text[match.end() :]
    stars = text[: len(text) - len(text.lstrip("*"))]
    return stars, text[len(stars) :]


def _piece(text: str, node: ast.expr) -> str:
    return text[node.col_offset : node.end_col_offset]


def line_length(path: str) -> int:
    """Answer the line length that the project of a file is formatted to, as its settings say."""
    return _configured(Path(path).absolute().parent)


@lru_cache(maxsize=1024)
def _configured(folder: Path) -> int:
    for above in (folder, *folder.parents):
        for read in (_of_ruff, _of_pyproject, _of_flake8):
            found = read(above)
            if found is not None:
                return found
    return WIDTH


def _of_ruff(folder: Path) -> int | None:
    files = (folder / "ruff.toml", folder / ".ruff.toml")
    return next((found for file in files if (found := _toml(file, ())) is not None), None)


def _of_pyproject(folder: Path) -> int | None:
    tools = (("tool", "ruff"), ("tool", "black"), ("tool", "isort"), ("tool", "flake8"), ("tool", "pycodestyle"))
    return next((found for tool in tools if (found := _toml(folder / "pyproject.toml", tool)) is not None), None)


def _toml(file: Path, tables: Sequence[str]) -> int | None:
    try:
        found = _table(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    for table in tables:
        found = _table(found.get(table))
    values = (found.get(key) for key in ("line-length", "line_length", "max-line-length"))
    return next((value for value in values if isinstance(value, int)), None)


def _table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _of_flake8(folder: Path) -> int | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read([folder / "setup.cfg", folder / "tox.ini", folder / ".flake8"], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return None
    for section in ("flake8", "pycodestyle", "pep8"):
        text = parser.get(section, "max-line-length", fallback=parser.get(section, "max_line_length", fallback=""))
        if text.strip().isdigit():
            return int(text)
    return None
