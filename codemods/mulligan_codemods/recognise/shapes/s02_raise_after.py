"""`for` over numbers; when all are used up, the statement after the loop raises or answers.

The handler knows nothing of the limit, so that it sleeps after the last failure too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import counted, leaves_after
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return counted(anatomy) and not anatomy.place.loop.orelse and leaves_after(anatomy)


SHAPE = Shape(id="S02", title="raises after the loop", fits=_fits)
