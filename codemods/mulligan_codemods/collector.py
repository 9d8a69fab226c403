"""How often garbage is collected while files are read and rewrites are proved.

Rules: syntax trees grow fast, hold no cycles and go by themselves; the collector would walk them again and again as
they grow, which took a third of a scan's time. So it runs as seldom as memory allows, and as before afterwards.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["PROVING", "SCANNING", "Thresholds", "collected_at"]

Thresholds: TypeAlias = tuple[int, int, int]

SCANNING: Final[Thresholds] = (100_000, 20, 100)
"""A scan needs no more memory with them than with the usual ones, and hardly more time than without the collector."""

PROVING: Final[Thresholds] = (20_000, 10, 10)
"""A proof's worlds leave cycles behind, so their garbage is looked for more often."""


@contextmanager
def collected_at(thresholds: Thresholds) -> Generator[None]:
    """Let the collector run at these thresholds inside the block, or in the function that this decorates."""
    before = gc.get_threshold()
    gc.set_threshold(*thresholds)
    try:
        yield
    finally:
        gc.set_threshold(*before)
