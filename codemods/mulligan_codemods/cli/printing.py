"""Print a diff or a report on the terminal, or for a program that asked for a layout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mulligan_codemods.report.output import document, layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from rich.console import Console

    from mulligan_codemods.cli.options import Given
    from mulligan_codemods.rows import Report

__all__ = ["console_of", "print_diff", "print_report"]


def console_of(stream: TextIO) -> Console:
    """Answer a console on a stream that may lack some marks."""
    from rich.console import Console

    reconfigure = getattr(stream, "reconfigure", None)
    if callable(reconfigure):
        reconfigure(errors="replace")  # a mark that the terminal lacks is no reason to fail
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def print_diff(report: Report) -> None:
    """Print the diff: in colour on a terminal, byte for byte elsewhere."""
    from rich.text import Text

    from mulligan_codemods.report.diff import styled, unified

    diff = unified((*report.changes, *report.dependencies))
    console = console_of(sys.stdout)
    if not console.is_terminal:
        click.echo(diff, nl=False)
        return
    for line, style in styled(diff):
        console.print(Text(line, style), soft_wrap=True)
    if diff:
        console.print()


def print_report(report: Report, paths: Sequence[str], given: Given, *, migrating: bool, stream: TextIO) -> None:
    """Print the report as it was asked for: text on `stream`, everything else on standard output."""
    layout = layout_of(given["layout"])
    if layout is not None:
        click.echo(document(report, layout).encode("utf-8", "surrogateescape"), nl=False)
        return
    from mulligan_codemods.report.helpers import print_helpers
    from mulligan_codemods.report.summary import print_summary
    from mulligan_codemods.report.text import print_errors, print_notices, print_rows

    console = console_of(stream)
    print_rows(console, report, everything=given["everything"], explain=given["explain"])
    print_helpers(console, report.helpers)
    print_errors(console, report.errors)
    print_notices(console, report.notices)
    print_summary(console, report, paths, migrating=migrating)
