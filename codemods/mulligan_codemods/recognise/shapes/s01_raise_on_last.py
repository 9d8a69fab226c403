"""`for` over numbers; the handler raises at the last one, otherwise it sleeps.

The limit stands in the handler: `if attempt == n - 1: raise`, or the sleep under `if attempt < n - 1` with an else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import counted, raises_in_handler
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return counted(anatomy) and raises_in_handler(anatomy)


SHAPE = Shape(id="S01", title="raises on the last attempt", fits=_fits)
