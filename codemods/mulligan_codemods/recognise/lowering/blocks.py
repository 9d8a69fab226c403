"""Where the `attempts` block is the right form: what happens between attempts happens outside of the handler.

A callback runs inside the handler, so that a log call would see the error there. The statements of the `try` stay as
they are; what follows them runs when another attempt will.

Rules: pure; only where nothing else happens at a failure, success always leaves the loop, and no type checker would
miss a `return` that it didn't miss before.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Between
from mulligan_codemods.names import read_names
from mulligan_codemods.recognise.loops.flow import Exit, exits
from mulligan_codemods.recognise.reading.effects import assigned
from mulligan_codemods.recognise.reading.steps import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.lowered import Hook
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["between_of"]

LEAVING = frozenset({Exit.RETURN, Exit.BREAK})


def between_of(reading: Reading, hook: Hook | None) -> Between | None:
    """Answer the attempt and what happens between attempts, `None` where that belongs into a callback."""
    attempt = reading.anatomy.attempt
    if hook is None or hook.waits or not _is_outside(reading) or attempt.orelse or reading.flag is not None:
        return None
    if not exits(attempt.body) <= LEAVING or not _may_fall_through(reading):
        return None
    body = hook.body.replace("event.attempt", "attempt.number")
    if "event." in body or reading.error in read_names([ast.parse(body.replace("\0", ""))]):
        return None
    return Between(
        attempt=reading.place.layout.block([*attempt.body], first_line=attempt.lineno + 1),
        body=body,
        own_name=any(isinstance(node, ast.Name) and node.id == "attempt" for node in _counting(reading)),
    )


def _is_outside(reading: Reading) -> bool:
    """Tell whether everything that happens between attempts stands behind the `try`."""
    end = reading.anatomy.attempt.end_lineno or 0
    effects = [each for each in reading.line if isinstance(each.step, Effect) and assigned(each) is None]
    outside = all(each.step.statement.lineno > end for each in effects)
    return outside and not reading.through_tail and not reading.end.outside


def _may_fall_through(reading: Reading) -> bool:
    """Tell whether type checkers see no end without `return` that they didn't see before."""
    function = reading.place.function
    return function is None or function.returns is None or isinstance(reading.place.loop, ast.For)


def _counting(reading: Reading) -> Sequence[ast.AST]:
    """Answer the target of a counting loop, whose name is free again."""
    loop = reading.place.loop
    return [] if isinstance(loop, ast.While) else [loop.target]
