"""The commands `scan`, `migrate` and `rule`.

Rules: a thin shell over the engine. What was asked for goes to standard output; beside a diff the report goes to
standard error, so that `mulligan migrate . | git apply` works. Exit codes: 0 done, 1 `--check` or `--baseline` found
something, 2 usage, 3 some files could not be processed, 130 interrupted (what was done so far is reported).
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from mulligan.errors import ConfigError
from mulligan_codemods.central.homes import SETTINGS_NAME
from mulligan_codemods.config import Config, checked_codes, configured
from mulligan_codemods.files.discover import Discovered, discover
from mulligan_codemods.files.source import Unreadable
from mulligan_codemods.options import (
    FAILED,
    INTERRUPTED,
    LEFT,
    MIGRATE_EXAMPLES,
    SCAN_EXAMPLES,
    Given,
    Interruptible,
    common,
)
from mulligan_codemods.report.output import document, layout_of
from mulligan_codemods.rows import Report
from mulligan_codemods.rules.table import EVERY, TABLE
from mulligan_codemods.rules.table import rule as find_rule
from mulligan_codemods.run.cache import cache_folder
from mulligan_codemods.run.dependencies import with_dependencies
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import Stages, real_stages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from rich.console import Console

    from mulligan_codemods.run.baseline import Baseline

__all__ = ["migrate", "rule", "scan"]


@click.command(cls=Interruptible, epilog=SCAN_EXAMPLES)
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
    config = _config(paths, given)
    baseline = given["baseline"] or config.baseline
    if grow and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    options = _options(given, config, prove=prove or given["explain"])
    report, files = _report(context, paths, given["since"], options)
    if baseline is not None:
        report = _ratcheted(report, baseline, files, grow=grow)
    _print(report, paths, given, migrating=False, stream=sys.stdout)
    new = baseline is not None and not grow and bool(report.new)
    context.exit(_exit_code(report, left=new))


@click.command(cls=Interruptible, epilog=MIGRATE_EXAMPLES)
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

    Shows a diff and changes nothing, unless --write is given. Equal parameters share one named policy, in a central
    module retry_policies.py in each package's root; with --policies DIR/policies.toml in that file, and the module
    beside it names them. With --baseline, --check fails on sites that the baseline lacks.
    With --harden no loop is rewritten: the policies that are there get what they lack, which changes what they do.
    With --staged the old code stays behind the flag, and --finalize removes it once nobody needs the way back.
    """
    if apply + show + check + take_back > 1:
        raise click.UsageError("--diff, --write, --check and --undo exclude each other")
    if take_back:
        context.exit(_undone())
    paths = paths or (".",)
    config = _config(paths, given)
    if harden + staged + finalize > 1:
        raise click.UsageError("--harden, --staged and --finalize exclude each other")
    if finalize:
        context.exit(_finalized(paths, config, apply=apply, check=check))
    if harden:
        if apply and not unsafe:
            raise click.UsageError("--harden changes what the code does: read its diff, then add --unsafe to --write")
        context.exit(_hardened(paths, config, apply=apply, check=check))
    options = _options(given, config, prove=True, unsafe=unsafe, staged=staged)
    report, files = _report(context, paths, given["since"], options)
    report = report if staged else with_dependencies(report)
    baseline = given["baseline"] or config.baseline
    if baseline is not None:
        report = replace(_compared(report, baseline, files)[0], notices=report.notices)
    left = any(row.planned and not row.known for row in report.rows)
    if apply and not report.interrupted:
        report = _written(report)
    if given["layout"] == "text" and not apply and not check:
        _print_diff(report)
    _print(report, paths, given, migrating=True, stream=sys.stdout if apply or check else sys.stderr)
    context.exit(_exit_code(report, left=check and left))


def _hardened(paths: Sequence[str], config: Config, *, apply: bool, check: bool) -> int:
    """Print the proposals that harden policies, or write them, and answer the exit code."""
    from mulligan_codemods.run.hardening import hardenings

    found = hardenings(discover(paths, config.exclude).files)
    report = Report(rows=(), errors=(), files=0, seconds=0.0, changes=tuple(each.change for each in found))
    if apply:
        report = _written(report)
    elif not check:
        _print_diff(report)
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
        _print_diff(report)
    for line in lines(found, written=apply, notices=report.notices):
        click.echo(line, err=not apply and not check)
    for error in report.errors:
        click.echo(f"{error.path}: {error.code} {error.message}", err=True)
    return FAILED if report.failed else LEFT if check and report.changes else 0


def _exit_code(report: Report, *, left: bool) -> int:
    if report.interrupted:
        return INTERRUPTED
    return FAILED if report.failed else LEFT if left else 0


@click.command(epilog="Example:  mulligan rule ML204")
@click.argument("code", required=False)
@click.option(
    "--format", "layout", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print."
)
def rule(code: str | None, layout: str) -> None:
    """Explain a code of a report: what it means, what to do, and an example. Without CODE: list all."""
    from mulligan_codemods.report.rules import print_rule, print_rules, rules_as_json, rules_as_markdown

    found = None if code is None else find_rule(code)
    if code is not None and found is None:
        raise click.BadParameter(f"there is no rule {code}; mulligan rule lists all", param_hint="CODE")
    rules = EVERY if found is None else (found,)
    if layout != "text":
        click.echo(rules_as_json(rules) if layout == "json" else rules_as_markdown(rules), nl=False)
    elif found is None:
        print_rules(_console(sys.stdout))
    else:
        print_rule(_console(sys.stdout), found)


def _config(paths: Sequence[str], given: Given) -> Config:
    """Answer the settings of the first path's project, below those of the command line."""
    try:
        config = configured(paths[0])
        return replace(
            config,
            select=checked_codes("--select", given["select"]) or config.select,
            ignore=(*config.ignore, *checked_codes("--ignore", given["ignore"])),
            exclude=(*config.exclude, *given["exclude"]),
        )
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _options(given: Given, config: Config, *, prove: bool, unsafe: bool = False, staged: bool = False) -> Options:
    return Options(
        prove=prove,
        unsafe=unsafe,
        staged=staged,
        policies=_policies(given["policies"] or config.policies),
        config=config,
        jobs=given["jobs"] or 0,
        seconds=given["seconds"],
        cache=None if given["uncached"] else cache_folder(),
    )


def _policies(file: str | None) -> str | None:
    """Answer where the policies are to be; a file of settings needs its name, and what reads it."""
    if file is None or not file.endswith(".toml"):
        return file
    if os.path.basename(file) != SETTINGS_NAME:  # noqa: PTH119 -- a name, and not a path
        raise click.UsageError(f"--policies {file}: call it {SETTINGS_NAME}: that is what a program looks for")
    if find_spec("msgspec") is None:
        raise click.UsageError(f"--policies {file} needs msgspec: pip install 'mulligan[config]'")
    return file


def _report(
    context: click.Context, paths: Sequence[str], since: str | None, options: Options
) -> tuple[Report, Sequence[str]]:
    """Run, and answer the report and the files that were looked at."""
    from mulligan_codemods.files.changed import changed_since
    from mulligan_codemods.report.progress import progress

    found = discover(paths, options.config.exclude)
    if found.missing:
        raise click.UsageError(f"no such file or folder: {', '.join(found.missing)}")
    try:
        files = found.files if since is None else changed_since(since, found.files)
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    stages = context.find_object(Stages) or real_stages()
    with progress(sys.stderr) as told:
        report = run(files, stages, options, told)
    return replace(report, errors=(*_refused_notebooks(found), *report.errors)), files


def _refused_notebooks(found: Discovered) -> tuple[Unreadable, ...]:
    return tuple(Unreadable(path=path, code="ML006", message="is a notebook") for path in found.notebooks)


def _compared(report: Report, file: str, files: Sequence[str]) -> tuple[Report, Baseline]:
    from mulligan_codemods.run.baseline import compared, loaded

    try:
        return compared(report, loaded(file), files)
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _ratcheted(report: Report, file: str, files: Sequence[str], *, grow: bool) -> Report:
    """Mark what the baseline knows, and keep the baseline as tight as it can be."""
    from mulligan_codemods.run.baseline import grown, saved

    report, baseline = _compared(report, file, files)
    if grow:
        baseline = grown(report, baseline)
        report = replace(report, rows=tuple(replace(row, known=row.known or row in report.new) for row in report.rows))
    error = None if report.interrupted else saved(baseline)
    return report if error is None else replace(report, errors=(*report.errors, error))


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


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    reconfigure = getattr(stream, "reconfigure", None)
    if callable(reconfigure):
        reconfigure(errors="replace")  # a mark that the terminal lacks is no reason to fail
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _print_diff(report: Report) -> None:
    """Print the diff: in colour on a terminal, byte for byte elsewhere."""
    from rich.text import Text

    from mulligan_codemods.report.diff import styled, unified

    diff = unified((*report.changes, *report.dependencies))
    console = _console(sys.stdout)
    if not console.is_terminal:
        click.echo(diff, nl=False)
        return
    for line, style in styled(diff):
        console.print(Text(line, style), soft_wrap=True)
    if diff:
        console.print()


def _print(report: Report, paths: Sequence[str], given: Given, *, migrating: bool, stream: TextIO) -> None:
    """Print the report as it was asked for: text on `stream`, everything else on standard output."""
    layout = layout_of(given["layout"])
    if layout is not None:
        click.echo(document(report, layout).encode("utf-8", "surrogateescape"), nl=False)
        return
    from mulligan_codemods.report.helpers import print_helpers
    from mulligan_codemods.report.summary import print_summary
    from mulligan_codemods.report.text import print_errors, print_notices, print_rows

    console = _console(stream)
    print_rows(console, report, everything=given["everything"], explain=given["explain"])
    print_helpers(console, report.helpers)
    print_errors(console, report.errors)
    print_notices(console, report.notices)
    print_summary(console, report, paths, migrating=migrating)
