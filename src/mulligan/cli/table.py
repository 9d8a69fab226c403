"""The rows of a schedule as a table for a terminal, a bar for each retry.

Rules: colours and lines for terminals alone, and no colours where NO_COLOR is set (rich sees to both); a narrow
terminal loses the bars first, then the bounds, never the delays; an output that isn't Unicode gets ASCII bars.
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
_WIDTH_OF_NUMBERS = 60
_WIDTH_WITHOUT_BOUNDS = 36
_EIGHTHS = " ▏▎▍▌▋▊▉"


def print_rows(console: Console, rows: Sequence[Row]) -> None:
    """Print a table of the rows.

    Args:
        console: where to.
        rows: one a retry.
    """
    bounds = console.width >= _WIDTH_OF_NUMBERS
    bars = min(_WIDEST_BAR, console.width - _WIDTH_OF_NUMBERS)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False, header_style="bold")
    table.add_column("retry", justify="right", no_wrap=True)
    for name in ("delay", "least", "greatest", "mean") if bounds else ("delay",):
        table.add_column(name, justify="right", no_wrap=True, style="bold cyan" if name == "delay" else "")
    if console.width >= _WIDTH_WITHOUT_BOUNDS:
        table.add_column("cumulative", justify="right", no_wrap=True, style="dim")
    if bars >= _NARROWEST_BAR:
        table.add_column("", no_wrap=True)
    scale = max((row.greatest for row in rows), default=0) or 1
    unicode = console.encoding.lower().startswith("utf")
    for row in rows:
        cells = [str(row.retry), *_numbers(row, bounds=bounds), duration(row.cumulative)]
        shown: list[str | Text] = [*cells[: len(table.columns)]]
        if bars >= _NARROWEST_BAR:
            shown.append(bar(row, scale, bars, unicode=unicode))
        table.add_row(*shown)
    console.print(table)


def _numbers(row: Row, *, bounds: bool) -> list[str]:
    mean = duration(row.mean) if row.mean_exact else f"~{duration(row.mean)}"
    return [duration(row.delay), *([duration(row.least), duration(row.greatest), mean] if bounds else [])]


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
