"""Line edits of a text, applied from the last to the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.site import Span

__all__ = ["Edit", "applied", "deletion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Put `lines` in the place of the lines `first` to `last`; nothing is replaced where `last` is `first - 1`."""

    first: int
    last: int
    lines: tuple[str, ...] = ()


def applied(text: str, edits: Sequence[Edit]) -> str:
    r"""Apply edits that don't overlap.

    >>> applied("a\nb\nc\n", [Edit(first=2, last=2, lines=("x", "y"))])
    'a\nx\ny\nc\n'
    """
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda each: (each.first, each.last), reverse=True):
        lines[edit.first - 1 : edit.last] = edit.lines
    return "\n".join(lines)


def deletion(text: str, span: Span) -> Edit:
    """Answer the edit that deletes whole lines, with a blank line where two would be left together."""
    lines = text.split("\n")
    last = span.end_line
    before = lines[span.line - 2].strip() if span.line > 1 else ""
    opens = before.endswith(":") or not before
    if opens and last < len(lines) and not lines[last].strip():
        last += 1
    return Edit(first=span.line, last=last)
