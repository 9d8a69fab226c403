"""What every picture that matplotlib draws shares: axes, titles, and a file that is written whole or not at all.

Rules: matplotlib's figure alone, without its global state; the same figure gives the same SVG.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (matplotlib's own annotations leave **kwargs unknown)

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mulligan.cli.colours import GREY, GRID, INK, SPAN
from mulligan.cli.durations import duration
from mulligan.cli.writing import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["band", "dress", "save", "wrapped"]

_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "svg.hashsalt": "mulligan",
    "text.color": INK,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
}


def save(make: Callable[[], Figure], path: Path) -> None:
    """Draw a figure to a file, replacing it in one step.

    Args:
        make: answers the figure; it is called within our style.
        path: ends in .svg or .png.

    Raises:
        OSError: when the file can't be written; what was there before is untouched.
    """
    with rc_context(_STYLE):  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        _save(make(), path)


def dress(axes: Axes, *, across: str, up: str) -> None:
    """Give axes our look: attempts or retries across, seconds up."""
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.margins(x=0.03)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    axes.grid(visible=True, axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)


def band(axes: Axes, across: Sequence[int], least: Sequence[float], greatest: Sequence[float], *, label: str) -> None:
    """Fill what lies between the least and the greatest."""
    axes.fill_between(across, least, greatest, color=SPAN, alpha=0.6, linewidth=0, label=label)


def _tick(seconds: float, _position: int) -> str:
    return duration(max(0.0, seconds))


def wrapped(text: str, width: int = 76) -> str:
    """Break a long chain of calls before its methods; what is longer even so is cut."""
    lines = [""]
    for part in text.replace(").", ")\n.").split("\n"):
        if len(lines[-1]) + len(part) > width and lines[-1]:
            lines.append("    ")
        lines[-1] += part
    return "\n".join(line if len(line) <= width else f"{line[: width - 3]}..." for line in lines)


def _save(figure: Figure, path: Path) -> None:
    content = BytesIO()
    suffix = path.suffix.lower()
    figure.savefig(content, format=suffix[1:], metadata={"Date": None} if suffix == ".svg" else None)
    write_whole(path, content.getvalue())
