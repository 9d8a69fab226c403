"""The command `migrate`, with what it does instead of rewriting: undo, harden, finalize."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from mulligan_codemods.cli.options import FAILED, LEFT, MIGRATE_EXAMPLES, Given, Interruptible, common
from mulligan_codemods.cli.printing import print_diff, print_report
from mulligan_codemods.cli.running import compared_with, config_of, exit_code, options_of, reported
from mulligan_codemods.files.discover import discover
from mulligan_codemods.rows import Report
from mulligan_codemods.rules.table import TABLE
from mulligan_codemods.run.dependencies import with_dependencies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.config import Config

__all__ = ["migrate"]


@click.command(
    cls=Interruptible, short_help="Rewrite retries to policies, each rewrite proved.", epilog=MIGRATE_EXAMPLES
)
@common
@click.option("--diff", "show", is_flag=True, help="Show the rewrites as a diff and change nothing (the default).")
@click.option("--write", "apply", is_flag=True, help="Write the rewrites.")
@click.option("--unsafe", is_flag=True, help="Take the rewrites too that are not proved equal.")
@click.option("--check", is_flag=True, help="Change nothing, print no diff; exit 1 when something is left to migrate.")
@click.option("--undo", "take_back", is_flag=True, help="Take back what the last --write in this folder wrote.")
@click.option("--staged", is_flag=True, help="Keep the old code beside the new; MULLIGAN_MODE=legacy runs it.")
@click.option("--finalize", is_flag=True, help="Instead: remove the old code that --staged kept.")
@click.option(
    "--harden", is_flag=True, help="Instead: propose jitter, caps and timeouts for policies; --write needs --unsafe."
)
@click.pass_context
def migrate(
    context: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    show: bool,
    apply: bool,
    unsafe: bool,
    check: bool,
    take_back: bool,
    harden: bool,
    staged: bool,
    finalize: bool,
    **given: Unpack[Given],
) -> None:
    """Rewrite the retries in PATH... (files or folders; by default here) to policies, each rewrite proved.

    Shows a diff and changes nothing, unless --write is given. Equal parameters share one named policy, in a module
    retry_policies.py in each package's root; with --policies DIR/policies.toml in that file, and the module beside it
    names them. With --baseline, --check fails only on sites that the baseline lacks.

    With --staged the old code stays behind the flag, and --finalize removes it once nobody needs the way back. With
    --harden no loop is rewritten: the policies that are there get what they lack, which changes what they do.
    """
    if apply + show + check + take_back > 1:
        raise click.UsageError("--diff, --write, --check and --undo exclude each other")
    if take_back:
        context.exit(_undone())
    paths = paths or (".",)
    config = config_of(paths, given)
    if harden + staged + finalize > 1:
        raise click.UsageError("--harden, --staged and --finalize exclude each other")
    if finalize:
        context.exit(_finalized(paths, config, apply=apply, check=check))
    if harden:
        if apply and not unsafe:
            raise click.UsageError("--harden changes what the code does: read its diff, then add --unsafe to --write")
        context.exit(_hardened(paths, config, apply=apply, check=check))
    options = options_of(given, config, prove=True, unsafe=unsafe, staged=staged)
    report, files = reported(context, paths, given["since"], options)
    report = report if staged else with_dependencies(report)
    baseline = given["baseline"] or config.baseline
    if baseline is not None:
        report = replace(compared_with(report, baseline, files)[0], notices=report.notices)
    left = any(row.planned and not row.known for row in report.rows)
    if apply and not report.interrupted:
        report = _written(report)
    if given["layout"] == "text" and not apply and not check:
        print_diff(report)
    print_report(report, paths, given, migrating=True, stream=sys.stdout if apply or check else sys.stderr)
    context.exit(exit_code(report, left=check and left))


def _hardened(paths: Sequence[str], config: Config, *, apply: bool, check: bool) -> int:
    """Print the proposals that harden policies, or write them, and answer the exit code."""
    from mulligan_codemods.run.hardening import hardenings

    found = hardenings(discover(paths, config.exclude).files)
    report = Report(rows=(), errors=(), files=0, seconds=0.0, changes=tuple(each.change for each in found))
    if apply:
        report = _written(report)
    elif not check:
        print_diff(report)
    for each in found:
        for proposal in each.proposals:
            place = f"{os.path.relpath(each.change.path)}:{proposal.line}"
            click.echo(f"{place}  {proposal.code} {TABLE[proposal.code].title}: {proposal.message}", err=not apply)
    for error in report.errors:
        click.echo(f"{error.path}: {error.code} {error.message}", err=True)
    return FAILED if report.failed else LEFT if check and found else 0


def _finalized(paths: Sequence[str], config: Config, *, apply: bool, check: bool) -> int:
    """Print how files look without the old code that is kept in them, or write them, and answer the exit code."""
    from mulligan_codemods.report.finalized import lines
    from mulligan_codemods.run.finalizing import finalized, reported

    found = finalized(discover(paths, config.exclude).files)
    report = with_dependencies(reported(found))
    if apply:
        report = _written(report)
    elif not check:
        print_diff(report)
    for line in lines(found, written=apply, notices=report.notices):
        click.echo(line, err=not apply and not check)
    for error in report.errors:
        click.echo(f"{error.path}: {error.code} {error.message}", err=True)
    return FAILED if report.failed else LEFT if check and report.changes else 0


def _written(report: Report) -> Report:
    from mulligan_codemods.run.writing import written

    report, trouble = written(report, Path.cwd())
    if trouble:
        click.echo(trouble, err=True)
    return report


def _undone() -> int:
    """Take the last run back, say so, and answer the exit code."""
    from mulligan_codemods.run.writing import undone

    failed, lines = undone(Path.cwd())
    for line, is_error in lines:
        click.echo(line, err=is_error)
    return FAILED if failed else 0
