"""`while` a flag says that nothing succeeded yet.

The attempt's last statement sets the flag.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import flagged
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return isinstance(anatomy.place.loop, ast.While) and flagged(anatomy)


SHAPE = Shape(id="S07", title="success flag", fits=_fits)
