"""Loops that can't be read as they stand, written in the way in which they can.

Rules: pure; each way is one file, and answers the loop read again, or `None` where it has nothing to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan_codemods.recognise.canonical.around import finished_inside, led_inside
from mulligan_codemods.recognise.canonical.branches import broken_last, straightened
from mulligan_codemods.recognise.canonical.handlers import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mulligan_codemods.recognise.loops.anatomy import Anatomy

__all__ = ["canonical"]

WAYS: Final[tuple[Callable[[Anatomy], Anatomy | None], ...]] = (
    finished_inside,
    led_inside,
    merged,
    straightened,
    broken_last,
)
MOST = 8
"""How often a loop is written anew."""


def canonical(anatomy: Anatomy) -> Iterator[Anatomy]:
    """Yield a loop in other ways, each built on the one before."""
    for _ in range(MOST):
        found = next((each for each in (way(anatomy) for way in WAYS) if each is not None), None)
        if found is None:
            return
        anatomy = found
        yield anatomy
