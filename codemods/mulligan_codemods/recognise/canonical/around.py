"""What stands around the attempt moved into it: statements before the `try`, and its `finally`.

Rules: pure; a pause before the `try` is no part of the attempt; whether the errors of what moves in were meant to be
retried is for the proof to say.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes
from mulligan_codemods.recognise.canonical.text import block, branch, rewritten
from mulligan_codemods.recognise.loops.flow import Exit, exits
from mulligan_codemods.recognise.reading.steps import pause_of

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy

__all__ = ["finished_inside", "led_inside"]


def led_inside(anatomy: Anatomy) -> Anatomy | None:
    """Move the statements before the `try` into it; `None` where there are none, or they jump or pause or count."""
    lead, attempt = anatomy.lead, anatomy.attempt
    if not lead or not anatomy.direct or exits(lead) != frozenset({Exit.NEXT}):
        return None
    stores = [node for node in own_nodes(anatomy.lead) if isinstance(node, ast.AugAssign | ast.Await)]
    pauses = [node for node in own_nodes(lead) if isinstance(node, ast.stmt) and pause_of(node, anatomy.place.names)]
    if stores or pauses:
        return None
    layout = anatomy.place.layout
    first = layout.commented(lead[0].lineno)
    body = "\n".join([block(layout, lead), block(layout, attempt.body, first_line=attempt.lineno + 1)])
    last = attempt.body[-1].end_lineno or attempt.body[-1].lineno
    return rewritten(anatomy, first, last, branch("try:", body))


def finished_inside(anatomy: Anatomy) -> Anatomy | None:
    """Move a `finally` of every attempt into the attempt: it runs before the pause then, not behind it."""
    attempt = anatomy.attempt
    if not attempt.finalbody or attempt.orelse:
        return None
    layout = anatomy.place.layout
    inner = branch("try:", block(layout, attempt.body, first_line=attempt.lineno + 1))
    final = branch("finally:", block(layout, attempt.finalbody))
    handlers = layout.lines[attempt.handlers[0].lineno - 1 : attempt.handlers[-1].end_lineno]
    margin = layout.indent(attempt.lineno)
    kept = [line.removeprefix(margin) for line in handlers]
    text = "\n".join([branch("try:", f"{inner}\n{final}"), *kept])
    return rewritten(anatomy, attempt.lineno, attempt.end_lineno or attempt.lineno, text)
