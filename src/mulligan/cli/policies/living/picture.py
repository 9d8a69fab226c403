"""A policy's delays as an SVG: a bar from least to greatest for each retry, a line at the median and at nine in ten.

Rules: written here, digit by digit, so that the same delays give the same bytes on every machine, which no drawing
library promises.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mulligan.cli.colours import ACCENT, GREY, GRID, INK, MIDDLE, SPAN
from mulligan.cli.durations import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan.explain import RetryRow

__all__ = ["picture"]

SVG = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 30, 34


def picture(rows: Sequence[RetryRow]) -> str:
    """Answer the SVG of some retries' delays.

    Args:
        rows: one a retry.
    """
    shown = [row for row in rows if row.greatest < inf]
    scale = max((row.greatest for row in shown), default=0.0) or 1.0
    body = [*_axis(scale), *(part for index, row in enumerate(shown) for part in _bar(row, index, len(shown), scale))]
    return "\n".join(
        [
            f'<svg xmlns="{SVG}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
            '<g font-family="system-ui, sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            *_legend(),
            *body,
            "</g>",
            "</svg>\n",
        ]
    )


def _legend() -> Iterator[str]:
    at = LEFT
    for colour, name, height in ((SPAN, "least to greatest", 10), (MIDDLE, "median", 2), (ACCENT, "90%", 2)):
        yield f'<rect x="{at}" y="{15 - height / 2:g}" width="14" height="{height}" fill="{colour}"/>'
        yield f'<text x="{at + 20}" y="19" fill="{INK}">{name}</text>'
        at += 40 + 7 * len(name)


def _axis(scale: float) -> Iterator[str]:
    for share in (0.0, 0.5, 1.0):
        y = _y(share)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="{GRID}"/>'
        label = duration(scale * share)
        yield f'<text x="{LEFT - 8}" y="{float(y) + 4:.1f}" fill="{GREY}" text-anchor="end">{label}</text>'


def _bar(row: RetryRow, index: int, count: int, scale: float) -> Iterator[str]:
    step = (WIDTH - LEFT - RIGHT) / count
    width = min(56.0, step * 0.62)
    x = LEFT + step * (index + 0.5) - width / 2
    top, bottom = float(_y(row.greatest / scale)), float(_y(row.least / scale))
    yield (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 1):.1f}" '
        f'fill="{SPAN}"><title>retry {row.retry}: {duration(row.least)} to {duration(row.greatest)}</title></rect>'
    )
    for colour, value in ((MIDDLE, row.quantiles[0]), (ACCENT, row.quantiles[1])):
        y = float(_y(value / scale)) - 1
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="2" fill="{colour}"/>'
    middle = x + width / 2
    yield f'<text x="{middle:.1f}" y="{HEIGHT - 14}" fill="{GREY}" text-anchor="middle">retry {row.retry}</text>'


def _y(share: float) -> str:
    return f"{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"
