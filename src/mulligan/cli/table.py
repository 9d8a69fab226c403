"""The rows of a schedule as a table for a terminal, a bar for each retry.

Rules: colours and lines for terminals alone, and no colours where NO_COLOR is set (rich sees to both); a narrow
terminal loses the bounds, then the sums, never the delays, and bars fill what is left; an output that isn't Unicode
gets ASCII bars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from mulligan.cli.durations import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from mulligan.cli.rows import Row

__all__ = ["bar", "print_rows"]

_WIDEST_BAR = 48
_NARROWEST_BAR = 8
_GAP = 3
_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLUMNS = {"retry": "", "delay": "bold cyan", "least": "", "greatest": "", "mean": "", "cumulative": "dim"}
_BOUNDS = {"least", "greatest", "mean"}


def print_rows(console: Console, rows: Sequence[Row]) -> None:
    """Print a table of the rows.

    Args:
        console: where to.
        rows: one a retry.
    """
    cells = [_cells(row) for row in rows]
    names = _columns_that_fit(console.width, cells)
    table = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None, show_edge=False, pad_edge=False, header_style="bold"
    )
    for name in names:
        table.add_column(name, justify="right", no_wrap=True, style=_COLUMNS[name])
    room = min(_WIDEST_BAR, console.width - _width(names, cells) - _GAP)
    if room >= _NARROWEST_BAR:
        table.add_column("", no_wrap=True)
        bars = _bars(rows, room, unicode=console.encoding.lower().startswith("utf"))
    else:
        bars = [()] * len(rows)
    for row, drawn in zip(cells, bars, strict=True):
        table.add_row(*(row[name] for name in names), *drawn)
    console.print(table)


def _cells(row: Row) -> dict[str, str]:
    seconds = {"delay": row.delay, "least": row.least, "greatest": row.greatest, "cumulative": row.cumulative}
    shown = {name: duration(value) for name, value in seconds.items()}
    return {
        "retry": str(row.retry),
        "mean": duration(row.mean) if row.mean_exact else f"~{duration(row.mean)}",
        **shown,
    }


def _columns_that_fit(width: int, cells: list[dict[str, str]]) -> list[str]:
    choices = [list(_COLUMNS), [name for name in _COLUMNS if name not in _BOUNDS], ["retry", "delay"]]
    return next((names for names in choices if _width(names, cells) <= width), choices[-1])


def _width(names: list[str], cells: list[dict[str, str]]) -> int:
    widest = (max(len(name), *(len(row[name]) for row in cells)) for name in names)
    return sum(widest) + _GAP * (len(names) - 1)


def _bars(rows: Sequence[Row], width: int, *, unicode: bool) -> list[tuple[Text, ...]]:
    scale = max(row.greatest for row in rows) or 1
    return [(bar(row, scale, width, unicode=unicode),) for row in rows]


def bar(row: Row, scale: float, width: int, *, unicode: bool) -> Text:
    """Draw a row as a bar: solid up to the delay, and a line over all that it could have been.

    Args:
        row: the retry.
        scale: seconds that fill the width.
        width: characters.
        unicode: whether to draw with eighths of a block.
    """
    solid = _solid(row.delay / scale * width, unicode=unicode)
    first, last = (round(bound / scale * width) for bound in (row.least, row.greatest))
    line = "".join(("╌" if unicode else "-") if first <= at < last else " " for at in range(len(solid), last))
    return Text.assemble((solid, "cyan"), (line, "dim"))


def _solid(cells: float, *, unicode: bool) -> str:
    if not unicode:
        return "#" * round(cells)
    whole, eighths = divmod(round(cells * 8), 8)
    return "█" * whole + _EIGHTHS[eighths].strip()
