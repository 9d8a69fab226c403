"""The group `mulligan`."""

from __future__ import annotations

import click

from mulligan import __version__
from mulligan.cli.lazy import LazyGroup

__all__ = ["commands"]

OWN = {
    "explain": "mulligan.cli.explain.command:explain",
    "policies": "mulligan.cli.policies.command:policies",
    "run": "mulligan.cli.run:run",
    "schedule": "mulligan.cli.schedule.command:schedule",
}


@click.group(
    cls=LazyGroup,
    own=OWN,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  mulligan scan .                     what retries there are, and their hazards
  mulligan migrate src                prove the rewrites and show the diff
  mulligan schedule 'exponential(0.1, cap=10).jittered(full_jitter())'
  mulligan explain 'Policy(max_attempts=5, timeout=30)' --failure-rate 0.5
  mulligan policies check             what is doubtful about the policies of a file
  mulligan run --intercept backoff -- python app.py

\b
Shell completion (bash; zsh and fish alike):
  eval "$(_MULLIGAN_COMPLETE=bash_source mulligan)"
""",
)
@click.version_option(__version__, prog_name="mulligan")
def commands() -> None:
    """Retries as values: look at schedules and policies, find retries, and migrate them with a proof."""
