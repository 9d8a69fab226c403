"""Where the comments of a loop go: above the new code, above what runs between attempts, above the call, or nowhere.

Rules: pure; what explains a statement that is kept is kept with it by whoever keeps the statement; what is lost is
named. A comment that tells of a variable which is gone goes too. Directives to linters stay only behind the `except`
that they are about.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, names_in
from mulligan_codemods.recognise.lowering.operation import commented_lines, idle

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mulligan_codemods.lowered import Ending, Lowered
    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.texts.layout import Comment

__all__ = ["settled"]

DIRECTIVE = re.compile(
    r"#\s*(noqa|pylint|type:|nosec|nosemgrep|pragma|flake8|mypy|pyright|ruff|isort|fmt|noinspection|codespell|lgtm|NOLINT)",
    re.IGNORECASE,
)
DROPPED = re.compile(
    r"\s*(break|continue|pass|else:|try:|return|(await )?[\w.]*sleep\(.*\)|\w+ *([-+*]=|= \w+ *[-+*]) *\w+)\s*(#|$)"
)
"""Statements whose comments explain nothing once they are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """The comments of a loop by their new place."""

    above: tuple[str, ...]
    handler: tuple[str, ...]
    call: tuple[str, ...]
    remark: str
    lost: tuple[str, ...]


def settled(reading: Reading, lowered: Lowered, texts: Sequence[str], absorbed: Sequence[ast.stmt]) -> Comments:
    """Tell where each comment of a loop goes.

    Args:
        reading: the loop.
        lowered: what it becomes, but for its comments.
        texts: what is kept of the loop.
        absorbed: the statements behind the loop that are part of it.
    """
    pointless = _pointless(reading, lowered.ending, absorbed)
    caught = lowered.at_failure is not None or lowered.ending is not None
    kept = "\n".join(texts)
    gone = _gone(reading, texts)
    places: dict[str, list[str]] = {"above": [], "handler": [], "call": [], "remark": [], "lost": []}
    for comment in reading.place.layout.comments_between(lowered.region.line, lowered.region.end_line):
        if comment.text not in kept:
            told = gone is not None and gone.search(comment.text) is not None
            places["lost" if told else _place(reading, comment, pointless, caught=caught)].append(comment.text)
    return Comments(
        above=tuple(places["above"]),
        handler=tuple(places["handler"]),
        call=tuple(places["call"]),
        remark="  ".join(places["remark"]),
        lost=tuple(places["lost"]),
    )


def _gone(reading: Reading, texts: Sequence[str]) -> re.Pattern[str] | None:
    """Answer what finds a comment on a variable that is gone: `tries_left`, or `tries < 3` where the name is a word."""
    kept = {reading.error or "", *(name for text in texts for name in names_in(text))}
    names = sorted(bound_names([reading.place.loop]) - kept)
    spelled = [name if "_" in name.strip("_") else rf"{name}\s*(?:[-+*<>]|[=!]=)" for name in names]
    return re.compile(rf"\b(?:{'|'.join(spelled)})") if names else None


def _place(reading: Reading, comment: Comment, pointless: Collection[int], *, caught: bool) -> str:
    line = reading.place.layout.lines[comment.line - 1]
    if comment.line == reading.handler.lineno and not comment.alone and caught:
        return "remark"
    explains = comment.alone or not (DIRECTIVE.match(comment.text) or DROPPED.match(line))
    if comment.line in pointless or not explains:
        return "lost"
    handlers = reading.anatomy.attempt.handlers
    behind = comment.line > (reading.place.loop.end_lineno or 0)
    if behind or any(each.lineno <= comment.line <= (each.end_lineno or 0) for each in handlers):
        return "handler"
    if reading.anatomy.attempt.lineno < comment.line < handlers[0].lineno:
        return "call"
    return "above" if comment.alone else "lost"


def _pointless(reading: Reading, ending: Ending | None, absorbed: Sequence[ast.stmt]) -> set[int]:
    """Answer the lines whose comments explain nothing but what is dropped.

    That is a constant that the attempt ended with, the statement that only raised the last error again, and what is
    never reached.
    """
    body = [each for each in reading.anatomy.attempt.body if not isinstance(each, ast.Break)]
    raised = reading.end.action is not None and isinstance(reading.end.action[-1], ast.Raise)
    never = ending is None or (raised and not reading.end.absorbs and not reading.end.outside)
    written = [each for each in reading.end.action or () if hasattr(each, "lineno")]
    again = (*reading.place.loop.orelse, *written) if ending is None else ()
    dropped = [*idle(reading, body), *again, *(absorbed if never else ())]
    return {number for each in dropped for number in commented_lines(reading.place.layout, each)}
