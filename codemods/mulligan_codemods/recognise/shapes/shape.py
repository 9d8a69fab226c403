"""What a shape is: an id of the documentation and the test whether a loop has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["Shape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A shape of retry loops.

    Args:
        id: its name in the documentation, such as `S01`.
        title: a few words.
        fits: whether a loop has it; the reading is `None` where the loop could not be read.
    """

    id: str
    title: str
    fits: Callable[[Anatomy, Reading | None], bool]
