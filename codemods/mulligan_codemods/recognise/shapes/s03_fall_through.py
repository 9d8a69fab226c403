"""`for` over numbers; when all are used up, the code goes on as if nothing had happened.

Whether that was meant can't be told; the new code falls through too.
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
    return counted(anatomy) and not anatomy.place.loop.orelse


SHAPE = Shape(id="S03", title="falls through", fits=_fits)
