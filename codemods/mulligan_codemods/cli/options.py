"""The options that `scan` and `migrate` share, their examples, and how both end."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import click

from mulligan_codemods.report.output import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FAILED", "INTERRUPTED", "LEFT", "MIGRATE_EXAMPLES", "SCAN_EXAMPLES", "Given", "Interruptible", "common"]

LEFT, FAILED, INTERRUPTED = 1, 3, 130


SCAN_EXAMPLES = """\b
Examples:
  mulligan scan src                                    what retries there are
  mulligan scan --select ML101 .                       only loops without a bound
  mulligan scan --changed-since origin/main --format github
  mulligan scan --baseline .mulligan-baseline.json .   only new sites fail
  mulligan scan --format sarif . > mulligan.sarif

\b
Exit codes: 0 done, 1 sites that the baseline lacks, 2 usage, 3 files that
could not be processed, 130 interrupted.
"""
MIGRATE_EXAMPLES = """\b
Examples:
  mulligan migrate src | less              the proved rewrites as a diff
  mulligan migrate --write src             apply what is safe
  mulligan migrate --undo                  take the last --write back
  mulligan migrate --staged --write src    keep the old code, behind MULLIGAN_MODE
  mulligan migrate --finalize --write src  remove that old code again
  mulligan migrate --check .               for CI: is something left to migrate?
  mulligan migrate --unsafe --explain-proof src/client.py

\b
Exit codes: 0 done, 1 --check found something, 2 usage, 3 files that could
not be processed, 130 interrupted.
"""


class Interruptible(click.Command):
    """A command that Ctrl-C ends with a code of its own, also where there is nothing to report yet."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)


class Given(TypedDict):
    """What the options that scan and migrate share were given."""

    layout: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    exclude: tuple[str, ...]
    since: str | None
    baseline: str | None
    jobs: int | None
    seconds: float
    uncached: bool
    everything: bool
    explain: bool
    policies: str | None


def common(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options that scan and migrate share."""
    decorators = (
        click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]..."),
        click.option("--format", "layout", type=click.Choice(LAYOUTS), default="text", help="How to report."),
        click.option("--select", multiple=True, metavar="CODE", help="Only sites with these codes, such as ML1,ML204."),
        click.option("--ignore", multiple=True, metavar="CODE", help="Leave these codes out."),
        click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these files and folders out."),
        click.option("--changed-since", "since", metavar="REV", help="Only files that differ from this git revision."),
        click.option(
            "--baseline", type=click.Path(dir_okay=False), metavar="FILE", help="Only sites that FILE lacks fail."
        ),
        click.option("--jobs", type=click.IntRange(min=1), help="How many processes; by default as there is work."),
        click.option("--seconds", type=click.FloatRange(min=0.001), default=30.0, help="Time limit per file [30]."),
        click.option("--no-cache", "uncached", is_flag=True, help="Neither read nor write the cache of known files."),
        click.option("--all", "everything", is_flag=True, help="Show ignored sites and loops that are no retries too."),
        click.option(
            "--explain-proof", "explain", is_flag=True, help="Show what each proof rests on, or where it fails."
        ),
        click.option(
            "--policies",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="The module for the policies, or policies.toml.",
        ),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
