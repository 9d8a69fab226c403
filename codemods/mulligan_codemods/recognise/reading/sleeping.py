"""Pauses that the callback keeps: what follows the sleep in the handler has to stay behind it.

Rules: pure; only a delay that never changes is kept so; where the clock ends the loop, the policy has to know of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, read_names
from mulligan_codemods.recognise.numbers.values import Line
from mulligan_codemods.recognise.reading.effects import assigned
from mulligan_codemods.recognise.reading.steps import Effect, Pause

if TYPE_CHECKING:
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["is_followed"]


def is_followed(reading: Reading) -> bool:
    """Tell whether something stands behind a handler's pause that is no matter of counting."""
    pause, delay = reading.pause, reading.delay
    if pause is None or not isinstance(pause.step, Pause) or reading.end.seconds is not None:
        return False
    steady = isinstance(delay, Line) and delay.step.number == 0
    if not steady or read_names([pause.step.delay]) & bound_names([reading.place.loop]):
        return False
    behind = [each for each in reading.line[reading.line.index(pause) + 1 :] if isinstance(each.step, Effect)]
    inside = pause.step.statement.lineno <= (reading.handler.end_lineno or 0)
    return inside and any(assigned(each) is None for each in behind)
