"""The command `mulligan run`: start a program with shims served under legacy libraries' names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import click

from mulligan.compat.flag import VARIABLE, parse
from mulligan.compat.interception import environment
from mulligan.errors import ConfigError

__all__ = ["run"]

_PYTHON = re.compile(r"(python|pypy)[\d.]*(\.exe)?")
_DEAF = frozenset("EIS")
"""Python's options that leave out PYTHONPATH or the start of a site: with them nothing could be installed."""


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    short_help="Run a program with shims in its libraries' place.",
    epilog="""\b
Examples:
  mulligan run --intercept backoff -- python app.py
  MULLIGAN_MODE=shadow mulligan run --intercept backoff,retrying -- python -m billing
  MULLIGAN_MODE='billing.*=legacy' mulligan run --intercept retry -- gunicorn billing.web:app
""",
)
@click.option("--intercept", metavar="LIB,...", required=True, help="Libraries: retrying, retry, backoff.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(intercept: str, command: tuple[str, ...]) -> None:
    """Run a program whose legacy retry libraries are mulligan's shims, without touching a file.

    COMMAND is a Python, or a program that one runs. Python processes that it starts get the shims too, as long as they
    inherit the environment. MULLIGAN_MODE chooses what each site runs: modern, legacy or shadow.
    """
    try:
        variables = environment(tuple(name.strip() for name in intercept.split(",") if name.strip()), os.environ)
    except ConfigError as error:
        raise click.UsageError(f"--intercept: {error.value or 'nothing'}: {error.remedy}") from None
    _refuse_wrong_mode()
    _refuse_deaf(command)
    program = shutil.which(command[0])
    if program is None:
        script = f": give a Python first, as in python {command[0]}" if command[0].endswith(".py") else ""
        raise click.UsageError(f"{command[0]}: no such program{script}")
    sys.stdout.flush()
    if os.name == "nt":
        raise SystemExit(subprocess.run([program, *command[1:]], env=variables, check=False).returncode)  # noqa: S603
    os.execve(program, list(command), variables)  # noqa: S606 - the user's own program, without a shell


def _refuse_wrong_mode() -> None:
    """Refuse a flag that every site would refuse, before the program has begun."""
    try:
        parse(os.environ.get(VARIABLE, ""))
    except ConfigError as error:
        raise click.UsageError(str(error)) from None


def _refuse_deaf(command: tuple[str, ...]) -> None:
    """Refuse a Python that is told not to look at its environment."""
    if not _PYTHON.fullmatch(os.path.basename(command[0])):  # noqa: PTH119 - a name, and not a path
        return
    for option in command[1:]:
        if not option.startswith("-") or option[:2] in {"-c", "-m", "--"}:
            return
        if _DEAF.intersection(option[1:]):
            raise click.UsageError(f"{option}: this Python would not load the shims: leave -E, -I and -S out")
