"""The rows of a schedule as a picture: the envelope that delays lie in, their mean, and the delays that were drawn.

Rules: matplotlib's figure alone, without its global state; the same rows give the same SVG; the file is written whole
or not at all.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (matplotlib's own annotations leave **kwargs unknown)

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mulligan.cli.durations import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from mulligan.cli.rows import Row
    from mulligan.schedules import BaseSchedule

__all__ = ["draw"]

_INK, _GREY, _GRID = "#1f2933", "#7b8794", "#e4e7eb"
_ENVELOPE, _MEAN, _SAMPLE = "#b3d4fc", "#2563eb", "#d9480f"
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "svg.hashsalt": "mulligan",
    "text.color": _INK,
    "axes.labelcolor": _GREY,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
}


def draw(schedule: BaseSchedule, seed: int, rows: Sequence[Row], path: Path) -> None:
    """Draw rows to a file, replacing it in one step.

    Args:
        schedule: what the rows are of, for the title.
        seed: what the delays were drawn with, for the legend.
        rows: one a retry.
        path: ends in .svg or .png.

    Raises:
        OSError: when the file can't be written; what was there before is untouched.
    """
    with rc_context(_STYLE):  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        figure = _figure(schedule, seed, rows)
        _save(figure, path)


def _figure(schedule: BaseSchedule, seed: int, rows: Sequence[Row]) -> Figure:
    figure = Figure(figsize=(8, 4.5), dpi=150, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    _draw_rows(axes, seed, rows)
    _dress(axes)
    axes.set_title(_wrapped(repr(schedule)), loc="left", pad=32, fontsize=11, fontfamily="DejaVu Sans Mono")
    return figure


def _draw_rows(axes: Axes, seed: int, rows: Sequence[Row]) -> None:
    retries = [row.retry for row in rows]
    axes.fill_between(
        retries,
        [row.least for row in rows],
        [row.greatest for row in rows],
        color=_ENVELOPE,
        alpha=0.6,
        linewidth=0,
        label="least to greatest",
    )
    axes.plot(retries, [row.mean for row in rows], color=_MEAN, linewidth=2, label="mean")
    axes.plot(
        retries,
        [row.delay for row in rows],
        color=_SAMPLE,
        linewidth=1,
        linestyle=(0, (1, 2)),
        marker="o",
        markersize=6 if len(rows) <= 40 else 3,
        markeredgecolor="white",
        clip_on=False,
        zorder=3,
        label=f"drawn with seed {seed}",
    )


def _dress(axes: Axes) -> None:
    axes.set_xlabel("retry")
    axes.set_ylabel("delay")
    axes.margins(x=0.03)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    axes.grid(visible=True, axis="y", color=_GRID)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False, columnspacing=1.6)


def _tick(seconds: float, _position: int) -> str:
    return duration(max(0.0, seconds))


def _wrapped(text: str, width: int = 76) -> str:
    """Break a long chain of calls before its methods; what is longer even so is cut."""
    lines = [""]
    for part in text.replace(").", ")\n.").split("\n"):
        if len(lines[-1]) + len(part) > width and lines[-1]:
            lines.append("    ")
        lines[-1] += part
    return "\n".join(line if len(line) <= width else f"{line[: width - 3]}..." for line in lines)


def _save(figure: Figure, path: Path) -> None:
    suffix = path.suffix.lower()
    handle, name = tempfile.mkstemp(suffix=suffix, dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            figure.savefig(file, format=suffix[1:], metadata={"Date": None} if suffix == ".svg" else None)
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
