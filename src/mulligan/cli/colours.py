"""The colours of every picture of ours."""

from __future__ import annotations

from typing import Final

__all__ = ["ACCENT", "GREY", "GRID", "INK", "MIDDLE", "SPAN"]

INK: Final = "#1f2933"
GREY: Final = "#7b8794"
GRID: Final = "#e4e7eb"
SPAN: Final = "#b3d4fc"
"""From least to greatest."""
MIDDLE: Final = "#2563eb"
"""The mean, the median."""
ACCENT: Final = "#d9480f"
"""What was drawn, what is seldom passed, a limit."""
