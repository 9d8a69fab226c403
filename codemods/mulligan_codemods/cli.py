"""The commands `scan`, `migrate` and `rule`.

Rules: a thin shell over the engine. What was asked for goes to standard output; beside a diff the report goes to
standard error, so that `mulligan migrate . | git apply` works. Exit codes: 0 done, 1 `--check` found something, 2
usage, 3 some files could not be processed.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mulligan.errors import ConfigError
from mulligan_codemods.config import Config, checked_codes, configured
from mulligan_codemods.files.discover import Discovered, discover
from mulligan_codemods.files.journal import journal_of, record, undo
from mulligan_codemods.files.source import Unreadable
from mulligan_codemods.files.write import write_all
from mulligan_codemods.rules.table import RULES
from mulligan_codemods.rules.table import rule as find_rule
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import Stages, real_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from rich.console import Console

    from mulligan_codemods.rows import Report

__all__ = ["migrate", "rule", "scan"]

LEFT, FAILED = 1, 3


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options that scan and migrate share."""
    decorators = (
        click.argument("paths", nargs=-1, type=click.Path(), metavar="PATH..."),
        click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text", help="How to report."),
        click.option("--select", multiple=True, metavar="CODE", help="Only sites with these codes, such as ML1,ML204."),
        click.option("--ignore", multiple=True, metavar="CODE", help="Leave these codes out."),
        click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these files and folders out."),
        click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="How many processes."),
        click.option("--all", "everything", is_flag=True, help="Show ignored sites and loops that are no retries too."),
        click.option(
            "--explain-proof", "explain", is_flag=True, help="Show what each proof rests on, or where it fails."
        ),
        click.option(
            "--policies", type=click.Path(dir_okay=False), metavar="FILE", help="The module for the policies."
        ),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@click.command(epilog="Examples:  mulligan scan src   ·   mulligan scan --select ML101 .")
@_common
@click.option("--prove", is_flag=True, help="Say of each candidate whether its rewrite is proved: safe or unsafe.")
@click.pass_context
def scan(
    context: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    layout: str,
    everything: bool,
    explain: bool,
    policies: str | None,
    jobs: int,
    prove: bool,
    **codes: tuple[str, ...],
) -> None:
    """Find every hand-written retry in PATH... (files or folders; by default here).

    Says what each one does, what is hazardous about it, and whether it can be rewritten. Changes nothing.
    """
    paths = paths or (".",)
    config = _config(paths, **codes)
    options = Options(prove=prove or explain, policies=policies or config.policies, config=config, jobs=jobs)
    report = _report(context, paths, options)
    if layout == "json":
        _print_json(report)
    else:
        _print_text(_console(sys.stdout), report, paths, everything=everything, explain=explain, migrating=False)
    context.exit(FAILED if report.failed else 0)


@click.command(
    epilog="Examples:  mulligan migrate src   ·   mulligan migrate --write src   ·   mulligan migrate --check ."
)
@_common
@click.option("--diff", "show", is_flag=True, help="Show the rewrites as a diff and change nothing (the default).")
@click.option("--write", "apply", is_flag=True, help="Write the rewrites.")
@click.option("--unsafe", is_flag=True, help="Take the rewrites too that are not proved equal.")
@click.option("--check", is_flag=True, help="Change nothing, print no diff; exit 1 when something is left to migrate.")
@click.option("--undo", "take_back", is_flag=True, help="Take back what the last --write in this folder wrote.")
@click.pass_context
def migrate(
    context: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    layout: str,
    everything: bool,
    explain: bool,
    policies: str | None,
    jobs: int,
    show: bool,
    apply: bool,
    unsafe: bool,
    check: bool,
    take_back: bool,
    **codes: tuple[str, ...],
) -> None:
    """Rewrite the retries in PATH... (files or folders; by default here) to policies, each rewrite proved.

    Shows a diff and changes nothing, unless --write is given. Equal parameters share one named policy, in a central
    module retry_policies.py in each package's root.
    """
    if apply + show + check + take_back > 1:
        raise click.UsageError("--diff, --write, --check and --undo exclude each other")
    if take_back:
        context.exit(_undone())
    paths = paths or (".",)
    config = _config(paths, **codes)
    options = Options(prove=True, unsafe=unsafe, policies=policies or config.policies, config=config, jobs=jobs)
    report = _report(context, paths, options)
    left = any(row.planned for row in report.rows)
    if apply:
        report = _written(report)
    if layout == "json":
        _print_json(report)
    else:
        if not apply and not check:
            _print_diff(report)
        console = _console(sys.stdout if apply or check else sys.stderr)
        _print_text(console, report, paths, everything=everything, explain=explain, migrating=True)
    context.exit(FAILED if report.failed else LEFT if check and left else 0)


@click.command(epilog="Example:  mulligan rule ML204")
@click.argument("code", required=False)
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def rule(code: str | None, layout: str) -> None:
    """Explain a code of a report: what it means, what to do, and an example. Without CODE: list all."""
    from mulligan_codemods.report.rules import print_rule, print_rules, rules_as_json

    found = None if code is None else find_rule(code)
    if code is not None and found is None:
        raise click.BadParameter(f"there is no rule {code}; mulligan rule lists all", param_hint="CODE")
    if layout == "json":
        click.echo(rules_as_json(RULES if found is None else (found,)), nl=False)
    elif found is None:
        print_rules(_console(sys.stdout))
    else:
        print_rule(_console(sys.stdout), found)


def _config(paths: Sequence[str], *, select: Sequence[str], ignore: Sequence[str], exclude: Sequence[str]) -> Config:
    """Answer the settings of the first path's project, below those of the command line."""
    try:
        config = configured(paths[0])
        return replace(
            config,
            select=checked_codes("--select", select) or config.select,
            ignore=(*config.ignore, *checked_codes("--ignore", ignore)),
            exclude=(*config.exclude, *exclude),
        )
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _report(context: click.Context, paths: Sequence[str], options: Options) -> Report:
    from mulligan_codemods.report.progress import progress

    found = discover(paths, options.config.exclude)
    if found.missing:
        raise click.UsageError(f"no such file or folder: {', '.join(found.missing)}")
    stages = context.find_object(Stages) or real_stages()
    with progress(_console(sys.stderr)) as told:
        report = run(found.files, stages, options, told)
    return replace(report, errors=(*_refused_notebooks(found), *report.errors))


def _refused_notebooks(found: Discovered) -> tuple[Unreadable, ...]:
    return tuple(Unreadable(path=path, code="ML006", message="is a notebook") for path in found.notebooks)


def _written(report: Report) -> Report:
    """Write the changes, and say of each row whether it is in its file now."""
    if not report.changes:
        return report
    unrecorded = record(journal_of(Path.cwd()), report.changes)
    if unrecorded is not None:
        click.echo(f"This run cannot be undone: {unrecorded.path} {unrecorded.message}", err=True)
    errors = write_all(report.changes)
    failed = {error.path for error in errors}
    paths = {change.path for change in report.changes} - failed
    rows = tuple(replace(row, written=row.planned and row.site.path in paths) for row in report.rows)
    return replace(report, rows=rows, errors=(*report.errors, *errors))


def _undone() -> int:
    """Take the last run back, say so, and answer the exit code."""
    answer = undo(journal_of(Path.cwd()))
    if answer is None:
        click.echo("Nothing to undo: no mulligan migrate --write is on record for this folder.")
        return 0
    restored, errors = answer
    for path in restored:
        click.echo(f"restored {os.path.relpath(path)}")
    for error in errors:
        click.echo(f"left alone {os.path.relpath(error.path)}: {error.code} {error.message}", err=True)
    return FAILED if errors else 0


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    reconfigure = getattr(stream, "reconfigure", None)
    if callable(reconfigure):
        reconfigure(errors="replace")  # a mark that the terminal lacks is no reason to fail
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _print_json(report: Report) -> None:
    from mulligan_codemods.report.json import rendered

    click.echo(rendered(report), nl=False)


def _print_diff(report: Report) -> None:
    """Print the diff: in colour on a terminal, byte for byte elsewhere."""
    from rich.text import Text

    from mulligan_codemods.report.diff import styled, unified

    diff = unified(report.changes)
    console = _console(sys.stdout)
    if not console.is_terminal:
        click.echo(diff, nl=False)
        return
    for line, style in styled(diff):
        console.print(Text(line, style), soft_wrap=True)
    if diff:
        console.print()


def _print_text(
    console: Console, report: Report, paths: Sequence[str], *, everything: bool, explain: bool, migrating: bool
) -> None:
    from mulligan_codemods.report.summary import print_summary
    from mulligan_codemods.report.text import print_errors, print_rows

    print_rows(console, report, everything=everything, explain=explain)
    print_errors(console, report.errors)
    print_summary(console, report, paths, migrating=migrating)
