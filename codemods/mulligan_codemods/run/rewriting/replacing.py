"""The difference of two texts as replaced lines."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from mulligan_codemods.rows import Replacement

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["replacements"]


def replacements(before: str, after: str) -> tuple[Replacement, ...]:
    r"""Answer what makes `after` of `before`, from the first line to the last.

    >>> [(each.line, each.end_line, each.text) for each in replacements("a\nb\nc\n", "a\nx\ny\nc\n")]
    [(2, 3, 'x\ny\n')]
    """
    old, new = before.split("\n"), after.split("\n")
    same = _same(old, new)
    end = _same(old[same:][::-1], new[same:][::-1])
    matcher = SequenceMatcher(None, old[same : len(old) - end], new[same : len(new) - end])
    return tuple(
        _replacement(old, new, range(same + begin, same + stop), range(same + start, same + finish))
        for tag, begin, stop, start, finish in matcher.get_opcodes()
        if tag != "equal"
    )


def _replacement(old: Sequence[str], new: Sequence[str], gone: range, come: range) -> Replacement:
    if gone.stop < len(old):
        text = "".join(f"{line}\n" for line in new[come.start : come.stop])
        return Replacement(line=gone.start + 1, end_line=gone.stop + 1, end_column=1, text=text)
    shift = 1 if gone.start else 0  # what reaches the end begins with a line that stays, for the sake of its line end
    text = "\n".join(new[come.start - shift : come.stop])
    return Replacement(line=gone.start + 1 - shift, end_line=len(old), end_column=len(old[-1]) + 1, text=text)


def _same(old: Sequence[str], new: Sequence[str]) -> int:
    """Count the lines that both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))
