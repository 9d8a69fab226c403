"""The shapes of retry loops, one file each; the first that fits names a site.

Rules: to add a shape is to add a file, a row of `SHAPES`, its cases in the tests and its row in docs/migrate/shapes.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan_codemods.recognise.shapes import (
    s01_raise_on_last,
    s02_raise_after,
    s03_fall_through,
    s04_for_else,
    s05_counter,
    s06_countdown,
    s07_flag,
    s08_deadline,
    s09_unbounded,
    s10_delays,
)

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.recognise.shapes.shape import Shape

__all__ = ["SHAPES", "shape_of"]

SHAPES: Final[tuple[Shape, ...]] = (
    s08_deadline.SHAPE,
    s04_for_else.SHAPE,
    s01_raise_on_last.SHAPE,
    s02_raise_after.SHAPE,
    s03_fall_through.SHAPE,
    s07_flag.SHAPE,
    s05_counter.SHAPE,
    s09_unbounded.SHAPE,
    s06_countdown.SHAPE,
    s10_delays.SHAPE,
)
"""The shapes, the most telling feature first."""


def shape_of(anatomy: Anatomy, reading: Reading | None) -> str | None:
    """Answer the id of the first shape that a loop has."""
    return next((shape.id for shape in SHAPES if shape.fits(anatomy, reading)), None)
