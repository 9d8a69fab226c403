"""`while True` with a counter of its own, tested in the handler.

It counts up or down, before or after the test.
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
    return endless(anatomy) and stops_in_handler(anatomy)


SHAPE = Shape(id="S05", title="while True with a counter", fits=_fits)
