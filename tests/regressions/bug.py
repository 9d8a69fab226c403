"""A bug of another library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Bug"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """One bug: what it is, whose it is, and the two programs that answer whether it shows."""

    what: str
    library: str
    original: Callable[[], bool]
    ours: Callable[[], bool]
