"""Break new lines that are longer than the file's lines may be, where ruff's formatter would break them.

Rules: only lines that a rewrite added are touched, and never their meaning; a line that only moved stays whole unless
it moved to the right and became too long by that. Where a line is all that stands in brackets, each item gets a line,
with a comma. Else the last pair of brackets that opens and closes in the line is opened (never where a comment
follows); what is in it stands on one line where it fits, else each item on its own, with a comma.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from contextlib import suppress
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["fitted"]

OPEN, CLOSE = "([{", ")]}"
FROM = re.compile(r"from (\S+) import (\w+(?: as \w+)?(?:, \w+(?: as \w+)?)*)")


def fitted(before: str, after: str, width: int) -> str:
    r"""Break the lines of `after` that `before` lacks and that are longer than `width` characters.

    >>> print(fitted("", "x = call(first, second)\n", 20), end="")
    x = call(
        first, second
    )
    """
    old, new = before.split("\n"), after.split("\n")
    if all(len(line) <= width for line in new):
        return after
    lengths = {line.strip(): len(line) for line in old}
    lines: list[str] = []
    for tag, _, _, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines.extend(new[start:stop] if tag == "equal" else _all_broken(new[start:stop], width, lengths))
    text = "\n".join(lines)
    return text if _same(text, after) else after


def _all_broken(lines: Sequence[str], width: int, lengths: Mapping[str, int]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place]
        if len(line) <= max(width, lengths.get(line.strip(), 0)):
            broken: Iterable[str] = (line,)
        elif place and lines[place - 1][-1:] in {*OPEN} and _closes(lines[place : place + 2]):
            broken = (part for item in _items(line) for part in _broken(item, width))
        else:
            broken = _broken(line, width)
        *first, last = broken
        yield from first
        place += 1
        if first and last[-1] in OPEN:
            joined = last + "".join(line.strip() for line in lines[place : place + 2])
            if _closes(lines[place : place + 2]) and len(joined) <= width:
                last = joined
                place += 2
        yield last


def _closes(lines: Sequence[str]) -> bool:
    """Tell whether two lines are all that stands in brackets, and their end."""
    return len(lines) == 2 and not lines[0].endswith((",", *OPEN)) and lines[1].strip()[:1] in set(CLOSE)


def _items(line: str) -> tuple[str, ...]:
    """Answer what stands between the commas of a line that is all that stands in brackets, each with a comma."""
    opened = 0
    cuts = [-1]
    for sign, column in _signs(line):
        opened += (sign in OPEN) - (sign in CLOSE)
        if sign == "#" or opened < 0:
            return (line,)
        if sign == "," and not opened:
            cuts.append(column)
    if len(cuts) == 1 or opened:
        return (line,)
    indent = line[: len(line) - len(line.lstrip())]
    return tuple(f"{indent}{line[one + 1 : other].strip()}," for one, other in pairwise([*cuts, len(line)]))


def _same(one: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _broken(line: str, width: int) -> Iterator[str]:
    pair = _last_pair(line) if len(line) > width else None
    if pair is None:
        yield from _import(line) if len(line) > width else (line,)
        return
    begin, commas, end = pair
    indent = line[: len(line) - len(line.lstrip())]
    body = line[begin + 1 : end].strip()
    inner = f"{indent}    "
    yield from _broken(line[: begin + 1], width)
    if len(inner) + len(body) <= width or not commas:
        yield from _broken(f"{inner}{body}", width)
    else:
        cuts = [begin, *commas, end]
        items = [line[one + 1 : other].strip() for one, other in pairwise(cuts)]
        for item in filter(None, items):
            yield from _broken(f"{inner}{item},", width)
    yield f"{indent}{line[end:]}"


def _import(line: str) -> Iterator[str]:
    match = FROM.fullmatch(line)
    if match is None:
        yield line
        return
    yield f"from {match[1]} import ("
    yield from (f"    {name}," for name in match[2].split(", "))
    yield ")"


def _last_pair(line: str) -> tuple[int, tuple[int, ...], int] | None:
    """Answer where the last pair of brackets opens, the commas directly in it, and where it closes."""
    opened: list[tuple[int, list[int]]] = []
    found: list[tuple[int, tuple[int, ...], int]] = []
    for sign, column in _signs(line):
        if sign == "#":
            return None
        if sign in OPEN:
            opened.append((column, []))
        elif sign == "," and opened:
            opened[-1][1].append(column)
        elif sign in CLOSE:
            if not opened:
                return None
            begin, commas = opened.pop()
            found.append((begin, tuple(commas), column))
    outer = [pair for pair in found if not any(other[0] < pair[0] and pair[2] < other[2] for other in found)]
    unclosed = opened[0][0] if opened else len(line)
    outer = [pair for pair in outer if pair[2] - pair[0] > 1 and pair[0] < unclosed]
    return outer[-1] if outer else None


def _signs(line: str) -> Iterator[tuple[str, int]]:
    margin = len(line) - len(line.lstrip())
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(line.lstrip()).readline):
            if token.type == tokenize.COMMENT:
                yield "#", margin + token.start[1]
            if token.type == tokenize.OP and token.string in {*OPEN, *CLOSE, ","}:
                yield token.string, margin + token.start[1]
