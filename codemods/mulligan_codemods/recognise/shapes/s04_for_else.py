"""`for … else`: success breaks, exhaustion runs the else.

The else raises, answers or makes the last attempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import counted
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return counted(anatomy) and bool(anatomy.place.loop.orelse)


SHAPE = Shape(id="S04", title="for … else", fits=_fits)
