"""Which statements behind a loop belong to it: those that only run when the attempts are used up.

They do where every success returns; and so does an `if` right behind the loop that asks for the number of attempts
that only the last failure reaches.

Rules: pure.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes, read_names
from mulligan_codemods.recognise.loops.flow import AWAY, exits
from mulligan_codemods.recognise.loops.heads import Counted
from mulligan_codemods.recognise.numbers.limits import limit
from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.reading.endings import expanded

if TYPE_CHECKING:
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["absorbable"]

MOST = 4
"""More statements than this stay where they are."""


def absorbable(reading: Reading, *, leaves: bool) -> tuple[ast.stmt, ...]:
    """Answer the statements behind a loop that become part of its rewrite.

    Args:
        reading: the loop.
        leaves: whether every success returns from the function.
    """
    place, end = reading.place, reading.end
    of_head = end.action is None or (end.outside and any(isinstance(node, ast.Break) for node in own_nodes(end.action)))
    if not of_head or place.loop.orelse or not place.after:
        return ()
    if leaves and exits(place.after) <= AWAY and len(place.after) <= MOST:
        return place.after
    return place.after[:1] if _asks_for_last(reading, place.after[0]) else ()


def _asks_for_last(reading: Reading, statement: ast.stmt) -> bool:
    """Tell whether a statement is `if tries == limit: raise …`, with a counter of failures."""
    end, place = reading.end, reading.place
    if not isinstance(statement, ast.If) or statement.orelse or not exits(statement.body) <= AWAY:
        return False
    if isinstance(reading.head, Counted) and reading.head.variable in read_names([statement.test]):
        return False
    at = limit(statement.test, end.known, place.names, negated=False)
    return (
        isinstance(at, Sum) and end.attempts is not None and expanded(place, at).equals(expanded(place, end.attempts))
    )
