"""`while` with a counter in its condition.

It counts up to a limit or down to 0; the handler may test it too.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import clocked, flagged
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return isinstance(anatomy.place.loop, ast.While) and not clocked(anatomy) and not flagged(anatomy)


SHAPE = Shape(id="S06", title="while attempts are left", fits=_fits)
