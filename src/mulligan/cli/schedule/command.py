"""The command `mulligan schedule`: look at a schedule before it runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

from mulligan.cli.schedule.formats import as_csv, as_json
from mulligan.cli.schedule.rows import rows_of
from mulligan.cli.usage import plot_option, said, shown_in
from mulligan.schedules.expression import ExpressionError, read_schedule

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan.cli.schedule.rows import Row
    from mulligan.schedules import BaseSchedule

__all__ = ["schedule"]


def _read(context: click.Context, parameter: click.Parameter, text: str) -> BaseSchedule:
    """Read the expression; a text that is no schedule is a usage error that points at the trouble."""
    try:
        return read_schedule(text)
    except ExpressionError as error:
        raise click.BadParameter(said(error), context, parameter) from None


@click.command(
    short_help="Show the delays of a schedule.",
    epilog="""\b
Examples:
  mulligan schedule 'exponential(0.1, cap=10).jittered(full_jitter())' --seed 7
  mulligan schedule 'no_delay().take(1).then(fibonacci(0.5, cap=30)).within(60)'
  mulligan schedule 'decorrelated(0.1, cap=10)' --count 20 --plot envelope.svg
  mulligan schedule 'max_of(linear(1), constant(3))' --format json

\b
Functions: constant, no_delay, linear, exponential, fibonacci, decorrelated,
  from_delays, max_of, min_of
Jitter:    full_jitter, equal_jitter, proportional_jitter, additive_jitter
Methods:   .take(n) .then(other) .capped(s) .jittered(kind) .within(s)
""",
)
@click.argument("expression", callback=_read)
@click.option("-n", "--count", type=click.IntRange(1, 5_000), default=8, show_default=True, help="Retries to show.")
@click.option("--seed", type=int, default=0, show_default=True, help="Fixes the draws of jitter.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True, help="Output."
)
@plot_option("Draw the envelope and a sample to an .svg or .png file.")
def schedule(
    expression: BaseSchedule, count: int, seed: int, output: Literal["text", "json", "csv"], plot: Path | None
) -> None:
    """Show the delays of a schedule: what is drawn, the bounds, the mean.

    The expression is written as in Python and is parsed, never evaluated. Times are in seconds. A mean with a ~ is an
    estimate over a thousand seeds; the others are exact. A bar is solid up to the delay that was drawn, and dashed
    where it could have been.
    """
    rows = rows_of(expression, count=count, seed=seed)
    if output == "json":
        click.echo(as_json(expression, seed, rows))
    elif output == "csv":
        click.echo(as_csv(rows))
    else:
        _print_text(expression, seed, rows, ended=len(rows) < count)
    if plot is not None:
        shown_in(plot, lambda: _draw(expression, seed, rows, plot))


def _print_text(expression: BaseSchedule, seed: int, rows: tuple[Row, ...], *, ended: bool) -> None:
    from rich.console import Console

    from mulligan.cli.schedule.text import print_rows

    console = Console(file=sys.stdout, highlight=False)
    console.print(f"{expression!r}  seed {seed}", markup=False, soft_wrap=True, style="bold")
    if rows:
        print_rows(console, rows)
    if ended:
        console.print(f"ends after {len(rows)} {'retry' if len(rows) == 1 else 'retries'}", style="dim")


def _draw(expression: BaseSchedule, seed: int, rows: tuple[Row, ...], path: Path) -> None:
    from mulligan.cli.schedule.picture import draw

    draw(expression, seed, rows, path)
