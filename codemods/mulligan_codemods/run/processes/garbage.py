"""How often garbage is collected while files are looked at.

Rules: what is read is syntax trees, which grow fast, hold no cycles and go by themselves; the collector would walk them
again and again as they grow, which took a third of a scan's time. It runs as seldom as memory allows.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["seldom_collected"]

SELDOM: Final = (100_000, 20, 100)
"""The thresholds: a scan needs no more memory with them than with the usual ones, and hardly more time than without."""


@contextmanager
def seldom_collected() -> Generator[None]:
    """Let the collector run seldom inside the block, or in the function that this decorates."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
