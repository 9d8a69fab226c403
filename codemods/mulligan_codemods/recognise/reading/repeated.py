"""A last attempt that is written out behind the loop: the same operation once more, with no handler or one of its own.

The loop then makes one attempt more than its head says, and what the handler does happens before a retry only.

Rules: pure; the statements must be the same ones; what their own handler does must not read the loop's variables.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, read_names
from mulligan_codemods.recognise.loops.flow import AWAY, Exit, exits
from mulligan_codemods.recognise.numbers.sums import Sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.failure import End

__all__ = ["with_last_attempt"]


def with_last_attempt(anatomy: Anatomy, handler: ast.ExceptHandler, end: End) -> End:
    """Answer what ends the loop if the attempt behind it is counted too; the same where there is none."""
    if end.action is not None or end.attempts is None or end.seconds is not None:
        return end
    place = anatomy.place
    body = [each for each in anatomy.attempt.body if not isinstance(each, ast.Break)]
    absorbed: tuple[ast.stmt, ...] = ()
    again: Sequence[ast.stmt] = place.loop.orelse
    if not again and exits(body) == frozenset({Exit.RETURN}):
        again = absorbed = place.after[: _length(place.after, body)]
    action = _last_action(handler, body, again)
    changed = bound_names([place.loop]) - {handler.name or ""}
    if action is None or read_names(action) & changed or anatomy.attempt.orelse:
        return end
    return replace(end, attempts=end.attempts.plus(Sum(1)), position=0, action=action, absorbs=absorbed)


def _length(after: Sequence[ast.stmt], body: Sequence[ast.stmt]) -> int:
    return 1 if after and isinstance(after[0], ast.Try) else len(body)


def _last_action(
    handler: ast.ExceptHandler, body: Sequence[ast.stmt], again: Sequence[ast.stmt]
) -> tuple[ast.stmt, ...] | None:
    """Answer what follows when the attempt behind the loop fails; `None` where it is no such attempt."""
    if _same(body, again):
        return (ast.Raise(),)
    match again:
        case [ast.Try(body=inner, handlers=[other], orelse=[], finalbody=[])] if _same(body, inner):
            caught = other.name == handler.name and _dumped([other.type]) == _dumped([handler.type])
            return tuple(other.body) if caught and exits(other.body) <= AWAY - {Exit.BREAK} else None
        case _:
            return None


def _same(one: Sequence[ast.stmt], other: Sequence[ast.stmt]) -> bool:
    return bool(one) and _dumped(one) == _dumped(other)


def _dumped(nodes: Sequence[ast.AST | None]) -> list[str]:
    return ["" if node is None else ast.dump(node) for node in nodes]
