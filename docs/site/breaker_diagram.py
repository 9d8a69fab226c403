"""Draw the breaker's states from the table that it moves by.

    python -m docs.site.breaker_diagram

Rules: every arrow is a row of the table. What leads from every status to the same one is an order, drawn as one arrow
from nowhere. A test holds the file against the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mulligan.guards import Status
from mulligan.guards.breaker.table import TABLE, Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FILE", "drawn", "orders", "own"]

FILE: Final = Path(__file__).parents[1] / "reference" / "breaker.svg"
WIDTH, HEIGHT = 150, 44
PLACES: Final = {
    Status.CLOSED: (110, 90),
    Status.OPEN: (610, 90),
    Status.HALF_OPEN: (360, 210),
    Status.FORCED_OPEN: (110, 330),
    Status.DISABLED: (360, 330),
    Status.METRICS_ONLY: (610, 330),
}
"""The middle of each status's box."""
ARROWS: Final = {
    (Status.CLOSED, Status.OPEN): ("M185,90 H533", 360, 82),
    (Status.OPEN, Status.HALF_OPEN): ("M570,112 V196 H437", 436, 154),
    (Status.HALF_OPEN, Status.CLOSED): ("M285,210 H110 V114", 120, 228),
    (Status.HALF_OPEN, Status.OPEN): ("M435,222 H640 V114", 530, 240),
}
"""The line of each arrow between two boxes, and where its text stands."""


def orders() -> dict[Occurrence, Status]:
    """Answer what leads from every status to the same one."""
    found: dict[Occurrence, Status] = {}
    for occurrence in Occurrence:
        targets = [TABLE.get((status, occurrence)) for status in Status]
        if targets[0] is not None and len(set(targets)) == 1:
            found[occurrence] = targets[0]
    return found


def own() -> dict[tuple[Status, Occurrence], Status]:
    """Answer the rows of the table that are no orders."""
    ordered = orders()
    return {(status, occurrence): to for (status, occurrence), to in TABLE.items() if occurrence not in ordered}


def drawn() -> str:
    """Answer the picture."""
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 384" font-family="sans-serif" font-size="13">',
            "<title>The states of a circuit breaker</title>",
            "<defs>",
            '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
            '<path d="M0,0 L8,4 L0,8 z" fill="#777"/></marker>',
            "</defs>",
            '<rect width="740" height="384" fill="#fff"/>',
            *_arrows(),
            *_entries(),
            *_boxes(),
            "</svg>",
            "",
        ]
    )


def _arrows() -> Iterator[str]:
    for (status, occurrence), to in own().items():
        line, x, y = ARROWS[status, to]
        yield f'<path d="{line}" fill="none" stroke="#777" stroke-width="1.5" marker-end="url(#tip)"/>'
        yield f'<text x="{x}" y="{y}" text-anchor="middle" fill="#333">{occurrence}</text>'


def _entries() -> Iterator[str]:
    for occurrence, to in orders().items():
        x, y = PLACES[to]
        begin, end, text = (y - 60, y - 24, y - 64) if to is Status.CLOSED else (y + 46, y + 24, y + 46)
        yield f'<path d="M{x},{begin} V{end}" stroke="#777" stroke-width="1.5" marker-end="url(#tip)"/>'
        place = text if to is Status.CLOSED else text - 4
        anchor = "middle" if to is Status.CLOSED else "start"
        offset = x if to is Status.CLOSED else x + 8
        yield f'<text x="{offset}" y="{place}" text-anchor="{anchor}" fill="#333">{occurrence}</text>'


def _boxes() -> Iterator[str]:
    for status, (x, y) in PLACES.items():
        left, top = x - WIDTH // 2, y - HEIGHT // 2
        yield f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#eef3fb" stroke="#4a6fa5"/>'
        yield f'<text x="{x}" y="{y + 5}" text-anchor="middle" font-weight="bold" fill="#222">{status}</text>'


if __name__ == "__main__":
    FILE.write_text(drawn(), encoding="utf-8")
