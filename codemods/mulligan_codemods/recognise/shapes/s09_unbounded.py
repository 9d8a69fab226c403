"""`while True` without any limit.

Only success, or an error that isn't caught, ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import endless, stops_in_handler
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return endless(anatomy) and not stops_in_handler(anatomy)


SHAPE = Shape(id="S09", title="unbounded", fits=_fits)
