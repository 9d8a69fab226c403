"""Calls broken over lines as ruff and black leave them.

A call stands on one line where it fits; else its arguments stand on one line of their own; else each argument has its
line and a trailing comma, and is itself broken where it must be.

Rules: pure; source that came from the file is never broken differently than it was.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["STEP", "WIDTH", "called", "listed", "placed"]

WIDTH = 100
"""How long new lines are at first; those of a file with shorter lines are broken once more in the end."""

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
