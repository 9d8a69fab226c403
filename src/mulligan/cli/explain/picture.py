"""An explanation as a picture: the delay before each retry, and when each attempt begins."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (matplotlib's own annotations leave **kwargs unknown)

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from mulligan.cli.colours import ACCENT, GREY, MIDDLE, SPAN
from mulligan.cli.drawing import band, dress, save, wrapped
from mulligan.cli.durations import duration

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from mulligan.explain import Explanation

__all__ = ["draw"]


def draw(title: str, found: Explanation, path: Path) -> None:
    """Draw an explanation to a file, replacing it in one step.

    Args:
        title: what the policy is called.
        found: what was explained.
        path: ends in .svg or .png.

    Raises:
        OSError: when the file can't be written; what was there before is untouched.
    """
    save(lambda: _figure(title, found), path)


def _figure(title: str, found: Explanation) -> Figure:
    figure = Figure(figsize=(10, 4.8), dpi=150, layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2)
    _draw_delays(left, found)
    _draw_course(right, found)
    figure.suptitle(wrapped(title, 96), x=0.01, ha="left", fontsize=11, fontfamily="DejaVu Sans Mono")
    return figure


def _draw_delays(axes: Axes, found: Explanation) -> None:
    rows = [row for row in found.rows if row.greatest < inf]
    retries = [row.retry for row in rows]
    axes.bar(
        retries,
        [row.greatest - row.least for row in rows],
        bottom=[row.least for row in rows],
        width=0.62,
        color=SPAN,
        alpha=0.6,
        label="least to greatest",
    )
    fixed = [row.retry for row in rows if row.least == row.greatest]
    axes.scatter(fixed, [row.least for row in rows if row.retry in fixed], color=MIDDLE, marker="_", s=160)
    axes.scatter(retries, [row.quantiles[0] for row in rows], color=MIDDLE, marker="_", s=160, label="median", zorder=3)
    axes.scatter(retries, [row.quantiles[1] for row in rows], color=ACCENT, marker="_", s=90, label="90%", zorder=3)
    dress(axes, across="retry", up="delay before it")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False, columnspacing=1.4)


def _draw_course(axes: Axes, found: Explanation) -> None:
    begins = found.begins[: len(found.rows) + 1]
    attempts = [begin.attempt for begin in begins]
    latest = [begin.greatest for begin in begins]
    band(axes, attempts, [begin.least for begin in begins], latest, label="attempt begins")
    axes.plot(attempts, latest, color=MIDDLE, linewidth=2, marker="o", clip_on=False, label="at the latest")
    for name, limit in (("timeout", found.policy.timeout), ("stop_after", found.policy.stop_after)):
        if limit is not None and limit < 3 * max(*latest, 1e-9):
            axes.axhline(limit, color=ACCENT, linewidth=1, linestyle="--")
            axes.annotate(
                f"{name} {duration(limit)}", (attempts[0], limit), (2, 3), textcoords="offset points", color=GREY
            )
    dress(axes, across="attempt", up="since the start")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, columnspacing=1.4)
