"""The rows of a schedule as a picture: the envelope that delays lie in, their mean, and the delays that were drawn.

Rules: the same rows give the same SVG; the file is written whole or not at all.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (matplotlib's own annotations leave **kwargs unknown)

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from mulligan.cli.colours import ACCENT, MIDDLE
from mulligan.cli.drawing import band, dress, save, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from mulligan.cli.schedule.rows import Row
    from mulligan.schedules import BaseSchedule

__all__ = ["draw"]


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
    save(lambda: _figure(schedule, seed, rows), path)


def _figure(schedule: BaseSchedule, seed: int, rows: Sequence[Row]) -> Figure:
    figure = Figure(figsize=(8, 4.5), dpi=150, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    _draw_rows(axes, seed, rows)
    dress(axes, across="retry", up="delay")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False, columnspacing=1.6)
    axes.set_title(wrapped(repr(schedule)), loc="left", pad=32, fontsize=11, fontfamily="DejaVu Sans Mono")
    return figure


def _draw_rows(axes: Axes, seed: int, rows: Sequence[Row]) -> None:
    retries = [row.retry for row in rows]
    band(axes, retries, [row.least for row in rows], [row.greatest for row in rows], label="least to greatest")
    axes.plot(retries, [row.mean for row in rows], color=MIDDLE, linewidth=2, label="mean")
    axes.plot(
        retries,
        [row.delay for row in rows],
        color=ACCENT,
        linewidth=1,
        linestyle=(0, (1, 2)),
        marker="o",
        markersize=6 if len(rows) <= 40 else 3,
        markeredgecolor="white",
        clip_on=False,
        zorder=3,
        label=f"drawn with seed {seed}",
    )
