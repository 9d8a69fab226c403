"""The command `scan`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import click

from mulligan_codemods.cli.options import SCAN_EXAMPLES, Given, Interruptible, common
from mulligan_codemods.cli.printing import print_report
from mulligan_codemods.cli.running import compared_with, config_of, exit_code, options_of, reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.rows import Report

__all__ = ["scan"]


@click.command(cls=Interruptible, short_help="Find every retry, and what is wrong with it.", epilog=SCAN_EXAMPLES)
@common
@click.option("--prove", is_flag=True, help="Say of each candidate whether its rewrite is proved: safe or unsafe.")
@click.option("--update-baseline", "grow", is_flag=True, help="Take the sites of today into the baseline.")
@click.pass_context
def scan(context: click.Context, /, *, paths: tuple[str, ...], prove: bool, grow: bool, **given: Unpack[Given]) -> None:
    """Find every retry in PATH... (files or folders; by default here).

    Says what each one does, what is hazardous about it, and whether it can be rewritten. Changes no code. With
    --baseline the exit code is 1 when there are sites that the baseline lacks; entries that nothing needs any more
    leave it.
    """
    paths = paths or (".",)
    config = config_of(paths, given)
    baseline = given["baseline"] or config.baseline
    if grow and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    options = options_of(given, config, prove=prove or given["explain"])
    report, files = reported(context, paths, given["since"], options)
    if baseline is not None:
        report = _ratcheted(report, baseline, files, grow=grow)
    print_report(report, paths, given, migrating=False, stream=sys.stdout)
    new = baseline is not None and not grow and bool(report.new)
    context.exit(exit_code(report, left=new))


def _ratcheted(report: Report, file: str, files: Sequence[str], *, grow: bool) -> Report:
    """Mark what the baseline knows, and keep the baseline as tight as it can be."""
    from mulligan_codemods.run.baseline import grown, saved

    report, baseline = compared_with(report, file, files)
    if grow:
        baseline = grown(report, baseline)
        report = replace(report, rows=tuple(replace(row, known=row.known or row in report.new) for row in report.rows))
    error = None if report.interrupted else saved(baseline)
    return report if error is None else replace(report, errors=(*report.errors, error))
