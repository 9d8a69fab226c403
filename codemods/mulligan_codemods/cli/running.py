"""What `scan` and `migrate` do alike: settle what was asked for, run, compare with a baseline, and end."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from mulligan.errors import ConfigError
from mulligan_codemods.central.homes import SETTINGS_NAME
from mulligan_codemods.cli.options import FAILED, INTERRUPTED, LEFT
from mulligan_codemods.config import checked_codes, configured
from mulligan_codemods.files.discover import Discovered, discover
from mulligan_codemods.files.source import Unreadable
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.scanning.cache import cache_folder
from mulligan_codemods.run.stages import Stages, real_stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.cli.options import Given
    from mulligan_codemods.config import Config
    from mulligan_codemods.rows import Report
    from mulligan_codemods.run.baseline import Baseline

__all__ = ["compared_with", "config_of", "exit_code", "options_of", "reported"]


def config_of(paths: Sequence[str], given: Given) -> Config:
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


def options_of(given: Given, config: Config, *, prove: bool, unsafe: bool = False, staged: bool = False) -> Options:
    """Answer how to run, as the command line and the settings say."""
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


def reported(
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


def compared_with(report: Report, file: str, files: Sequence[str]) -> tuple[Report, Baseline]:
    """Mark the sites that a baseline's file knows, and answer the baseline as it is then."""
    from mulligan_codemods.run.baseline import compared, loaded

    try:
        return compared(report, loaded(file), files)
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def exit_code(report: Report, *, left: bool) -> int:
    """Answer how a run ends; `left` says that `--check` or `--baseline` found something."""
    if report.interrupted:
        return INTERRUPTED
    return FAILED if report.failed else LEFT if left else 0
