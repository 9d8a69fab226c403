"""The clock ends it: a deadline in the condition or in the handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.recognise.shapes.parts import clocked
from mulligan_codemods.recognise.shapes.shape import Shape

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["SHAPE"]


def _fits(anatomy: Anatomy, _reading: Reading | None) -> bool:
    return clocked(anatomy)


SHAPE = Shape(id="S08", title="deadline", fits=_fits)
