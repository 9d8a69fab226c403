"""The command `mulligan explain`: what a policy does before it does it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Literal

import click

from mulligan.cli.explain.subjects import subject
from mulligan.cli.installing import install_hint
from mulligan.cli.policies.nearest import FILE, names_in_file
from mulligan.cli.usage import plot_option, said, shown_in
from mulligan.errors import ConfigError
from mulligan.explain import Conditions, explained, holds

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan.cli.explain.subjects import Subject
    from mulligan.explain import Explanation

__all__ = ["explain"]

BROKEN = 1


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
    type=FILE,
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
@plot_option("Draw delays and the course of an execution to an .svg or .png file.")
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
    those with a ≤ are bounds; the others are exact. A bar reaches from the least delay to the greatest, solid up to
    90%, with a mark at the median.
    """
    try:
        about = subject(policy, file)
        conditions = Conditions(failure_rate=failure_rate, latency=latency, layers=layers)
        found = explained(about.policy, conditions, budgeted=about.budgeted, count=count)
        found = found.replace(findings=tuple(each for each in found.findings if each.code not in about.ignored))
        broken = [text for text in assertions if not holds(text, found.figures)]
    except ConfigError as error:
        raise click.UsageError(said(error)) from None
    except ImportError as error:
        raise click.UsageError(install_hint("mulligan explain", error)) from None
    _print(about, found, output)
    if plot is not None:
        shown_in(plot, lambda: _draw(about, found, plot))
    for text in broken:
        click.echo(f"does not hold: {text} ({_named(text, found)})", err=True)
    if broken:
        raise SystemExit(BROKEN)


def _named(text: str, found: Explanation) -> str:
    """Answer the figures that a sentence names, with their values."""
    figures = found.figures
    names = dict.fromkeys(name for name in re.findall(r"\w+", text) if name in figures)
    return ", ".join(f"{name} is {figures[name]:.10g}" for name in names)


def _print(about: Subject, found: Explanation, output: Literal["text", "json"]) -> None:
    if output == "json":
        from mulligan.cli.explain.formats import as_json

        click.echo(as_json(about, found))
        return
    from rich.console import Console

    from mulligan.cli.explain.text import print_explanation

    print_explanation(Console(file=sys.stdout, highlight=False, markup=False, emoji=False), about, found)


def _draw(about: Subject, found: Explanation, path: Path) -> None:
    from mulligan.cli.explain.picture import draw

    draw(about.title, found, path)
