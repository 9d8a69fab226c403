"""Handlers beside the retrying one: their errors aren't retried, and are handled around the call.

A handler that only raises again needs nothing but the exclusion of its classes; any other stands around the call in
its old order. One that stood before the retrying handler keeps its errors from being retried.

Rules: pure; a handler that reads the loop's own variables, or leaves it in several ways, is refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Beside
from mulligan_codemods.names import bound_names, read_names
from mulligan_codemods.recognise.loops.flow import Exit, exits, jumps
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["beside", "excluded", "goes_on"]


def excluded(reading: Reading) -> list[str]:
    """Answer the classes that a handler before the retrying one catches.

    Raises:
        Refused: where one catches everything.
    """
    found: list[str] = []
    for other in reading.first:
        if other.type is None:
            raise Refused("ML218", "another handler treats some errors differently", other)
        if _is_before(reading, other):
            found.append(reading.place.layout.source(other.type))
    return found


def beside(reading: Reading) -> tuple[Beside, ...]:
    """Answer the handlers around the call, in their order.

    Raises:
        Refused: where one can't stand there.
    """
    return tuple(_moved(reading, other) for other in reading.first if not _reraises(other))


def goes_on(reading: Reading) -> bool:
    """Tell whether a handler beside the retrying one goes on behind the loop."""
    return any(Exit.BREAK in exits(other.body) for other in reading.first)


def _moved(reading: Reading, other: ast.ExceptHandler) -> Beside:
    layout = reading.place.layout
    breaks = jumps(other.body)
    tidy = not breaks or (breaks == [other.body[-1]] and exits(other.body[:-1]) == frozenset({Exit.NEXT}))
    own = bound_names([reading.place.loop]) - {other.name or ""} - bound_names(other.body)
    if not tidy or read_names(other.body) & own or other.type is None:
        raise Refused("ML218", "another handler treats some errors differently", other)
    body = other.body[:-1] if breaks else other.body
    header = other.type.end_lineno or other.lineno
    return Beside(
        types=layout.source(other.type),
        bound=other.name,
        body=layout.block([*body], first_line=header + 1) if body else "pass",
        before=_is_before(reading, other),
    )


def _is_before(reading: Reading, other: ast.ExceptHandler) -> bool:
    handlers = reading.anatomy.attempt.handlers
    return handlers.index(other) < handlers.index(reading.handler)


def _reraises(other: ast.ExceptHandler) -> bool:
    return len(other.body) == 1 and isinstance(other.body[0], ast.Raise) and other.body[0].exc is None
