"""A table of delays for a terminal, with a bar behind each row.

Rules: colours and lines for terminals alone, and no colours where NO_COLOR is set (rich sees to both). A terminal gets
the widest choice of columns that it can show whole, and bars in what is left; a cell is cut only where even the
narrowest choice is too wide. Lines end where their text ends, but on a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

__all__ = ["Bars", "print_table"]

_WIDEST_BAR, _NARROWEST_BAR = 48, 8
_GAP = 3
"""What a column takes beside its text: a space on each side, and what stands between two columns."""


class Bars(Protocol):
    """Draws a bar for each row."""

    def __call__(self, width: int, *, unicode: bool) -> list[Text]:
        """Answer the bars.

        Args:
            width: how many characters the widest may have.
            unicode: whether the output knows more than ASCII.
        """
        ...


def print_table(
    console: Console,
    cells: Sequence[Mapping[str, str]],
    *,
    choices: Sequence[Sequence[str]],
    styles: Mapping[str, str],
    bars: Bars,
) -> None:
    """Print a table.

    Args:
        console: where to.
        cells: a row each: a text for each column, by the column's name.
        choices: which columns to show, the widest choice first.
        styles: of columns that have one.
        bars: draws the bars.
    """
    names = next((each for each in choices if _width(each, cells) <= console.width), choices[-1])
    table = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None, show_edge=False, pad_edge=False, header_style="bold"
    )
    for name in names:
        table.add_column(name, justify="right", no_wrap=True, style=styles.get(name, ""))
    room = min(_WIDEST_BAR, console.width - _width(names, cells) - _GAP)
    drawn: list[tuple[Text, ...]] = [()] * len(cells)
    if room >= _NARROWEST_BAR:
        table.add_column("", no_wrap=True)
        drawn = [(bar,) for bar in bars(room, unicode=console.encoding.lower().startswith("utf"))]
    for row, bar in zip(cells, drawn, strict=True):
        table.add_row(*(row[name] for name in names), *bar)
    _print(console, table)


def _print(console: Console, table: Table) -> None:
    """Print a table, and outside a terminal none of the blanks that fill its lines up."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as written:
        console.print(table)
    for line in written.get().splitlines():
        console.print(Text(line.rstrip()), soft_wrap=True)


def _width(names: Sequence[str], cells: Sequence[Mapping[str, str]]) -> int:
    widest = (max(len(name), *(len(row[name]) for row in cells)) for name in names)
    return sum(widest) + _GAP * (len(names) - 1)
