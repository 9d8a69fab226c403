"""The rows of a schedule for people: a table, and a bar for each retry.

Rules: a narrow terminal loses the bounds, then the sums, never the delays. An output that isn't Unicode gets ASCII.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from mulligan.cli.durations import duration
from mulligan.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from mulligan.cli.schedule.rows import Row

__all__ = ["print_rows"]

_EIGHTHS = " ▏▎▍▌▋▊▉"
_CHOICES = (
    ("retry", "delay", "least", "greatest", "mean", "cumulative"),
    ("retry", "delay", "cumulative"),
    ("retry", "delay"),
)


def print_rows(console: Console, rows: Sequence[Row]) -> None:
    """Print a table of the rows.

    Args:
        console: where to.
        rows: one a retry.
    """
    styles = {"delay": "bold cyan", "cumulative": "dim"}
    print_table(console, [_cells(row) for row in rows], choices=_CHOICES, styles=styles, bars=partial(_bars, rows))


def _cells(row: Row) -> dict[str, str]:
    seconds = {"delay": row.delay, "least": row.least, "greatest": row.greatest, "cumulative": row.cumulative}
    shown = {name: duration(value) for name, value in seconds.items()}
    mean = duration(row.mean) if row.mean_exact else f"~{duration(row.mean)}"
    return {"retry": str(row.retry), "mean": mean, **shown}


def _bars(rows: Sequence[Row], width: int, *, unicode: bool) -> list[Text]:
    scale = max(row.greatest for row in rows) or 1
    return [_bar(row, width / scale, unicode=unicode) for row in rows]


def _bar(row: Row, per_second: float, *, unicode: bool) -> Text:
    """Draw a row as a bar: solid up to the delay, and a line over all that it could have been."""
    solid = _solid(row.delay * per_second, unicode=unicode)
    first, last = (round(bound * per_second) for bound in (row.least, row.greatest))
    line = "".join(("╌" if unicode else "-") if first <= at < last else " " for at in range(len(solid), last))
    return Text.assemble((solid, "cyan"), (line, "dim"))


def _solid(cells: float, *, unicode: bool) -> str:
    if not unicode:
        return "#" * round(cells)
    whole, eighths = divmod(round(cells * 8), 8)
    return "█" * whole + _EIGHTHS[eighths].strip()
