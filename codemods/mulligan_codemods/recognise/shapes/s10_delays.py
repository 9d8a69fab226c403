"""`for` over a list of delays.

The last element may be None: then the handler raises.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import counted
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return isinstance(anatomy.place.loop, ast.For) and not counted(anatomy)


SHAPE = Shape(id="S10", title="list of delays", fits=_fits)
