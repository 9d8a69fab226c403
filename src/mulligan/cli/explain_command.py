"""The command `mulligan explain`: what a policy does before it does it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mulligan.cli.installing import install_hint
from mulligan.cli.subjects import names_in_file, subject
from mulligan.errors import ConfigError
from mulligan.explain import Conditions, explained, holds
from mulligan.schedules.expression import ExpressionError

if TYPE_CHECKING:
    from mulligan.cli.subjects import Subject
    from mulligan.explain import Explanation

__all__ = ["explain", "picture_path", "usage"]

BROKEN = 1


def usage(error: ConfigError) -> str:
    """Answer an error as a usage error says it: with a caret below the trouble where there is one."""
    if not isinstance(error, ExpressionError):
        return str(error)
    pointed = error.pointed().replace("\n", "\n  ")
    return f"{error}\n  {pointed}"


def picture_path(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Answer the path of a picture; any suffix but .svg and .png is a usage error."""
    if path is not None and path.suffix.lower() not in {".svg", ".png"}:
        raise click.BadParameter(f"{path}: give a file that ends in .svg or .png", context, parameter)
    return path


def completed(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    """Answer the names of the nearest file's policies that begin like this, for the shell."""
    try:
        return [name for name in names_in_file(context.params.get("file")) if name.startswith(incomplete)]
    except (ConfigError, ImportError):
        return []


@click.command(
    short_help="Explain what a policy does.",
    epilog="""\b
Examples:
  mulligan explain billing.fetch                       a policy of the nearest policies.toml
  mulligan explain billing.retry_policies:FETCH        a Policy or a Pipeline of a module
  mulligan explain 'Policy(max_attempts=5, timeout=10)' --failure-rate 0.5
  mulligan explain 'exponential(0.1, cap=10)' --layers 3 --plot explained.svg
  mulligan explain billing.fetch --assert 'worst_case < 30 and success > 0.999'

\b
--assert knows these figures (times in seconds):
  max_attempts, most_attempts, fewest_attempts, expected_attempts, worst_case,
  expected_time, success, timeout_share, amplification, outage_amplification,
  longest_delay, findings

\b
Exit codes: 0 done, 1 an assertion does not hold, 2 wrong usage.
""",
)
@click.argument("policy", metavar="POLICY", shell_complete=completed)
@click.option(
    "-f",
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Where names are looked up; by default the nearest policies.toml or pyproject.toml with policies.",
)
@click.option("--failure-rate", type=float, default=0.1, show_default=True, help="Share of attempts that fail.")
@click.option("--latency", type=float, default=0.1, show_default=True, help="Seconds that an attempt takes.")
@click.option("--layers", type=int, default=1, show_default=True, help="Layers of a call chain that retry like this.")
@click.option("-n", "--count", type=click.IntRange(1, 1_000), default=10, show_default=True, help="Retries to show.")
@click.option("--assert", "assertions", multiple=True, metavar="SENTENCE", help="Exit with 1 unless this holds.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=picture_path,
    help="Draw delays and the course of an execution to an .svg or .png file.",
)
def explain(
    *,
    policy: str,
    file: Path | None,
    failure_rate: float,
    latency: float,
    layers: int,
    count: int,
    assertions: tuple[str, ...],
    output: Literal["text", "json"],
    plot: Path | None,
) -> None:
    """Explain POLICY: delays, worst case, what to expect at a failure rate, load, and what is doubtful.

    POLICY is a name in a file of policies, module:NAME, or an expression. Files and expressions are parsed, and nothing
    that they name is imported; module:NAME imports that module. Figures with a ~ are estimates over a thousand seeds,
    those with a ≤ are bounds; the others are exact.
    """
    try:
        about = subject(policy, file)
        conditions = Conditions(failure_rate=failure_rate, latency=latency, layers=layers)
        found = explained(about.policy, conditions, budgeted=about.budgeted, count=count)
        found = found.replace(findings=tuple(each for each in found.findings if each.code not in about.ignored))
        broken = [text for text in assertions if not holds(text, found.figures)]
    except ConfigError as error:
        raise click.UsageError(usage(error)) from None
    except ImportError as error:
        raise click.UsageError(install_hint("mulligan explain", error)) from None
    _print(about, found, output)
    if plot is not None:
        _draw(about, found, plot)
    for text in broken:
        click.echo(f"does not hold: {text}", err=True)
    if broken:
        raise SystemExit(BROKEN)


def _print(about: Subject, found: Explanation, output: Literal["text", "json"]) -> None:
    if output == "json":
        from mulligan.cli.explanation_formats import as_json

        click.echo(as_json(about, found))
        return
    from rich.console import Console

    from mulligan.cli.explanation_text import print_explanation

    print_explanation(Console(file=sys.stdout, highlight=False, markup=False, emoji=False), about, found)


def _draw(about: Subject, found: Explanation, path: Path) -> None:
    try:
        from mulligan.cli.explanation_picture import draw
    except ImportError as error:
        raise click.UsageError(install_hint("--plot", error)) from None
    try:
        draw(about.title, found, path)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None
    click.echo(f"wrote {path}", err=True)
