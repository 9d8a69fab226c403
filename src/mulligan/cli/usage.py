"""What the commands share on the command line: how an error is said, and the option that draws a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mulligan.cli.installing import install_hint
from mulligan.schedules.expression import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.errors import ConfigError

__all__ = ["plot_option", "said", "shown_in"]

F = TypeVar("F", bound="Callable[..., None]")


def said(error: ConfigError) -> str:
    """Answer an error as a usage error says it: with a caret below the trouble where there is one."""
    if not isinstance(error, ExpressionError):
        return str(error)
    pointed = error.pointed().replace("\n", "\n  ")
    return f"{error}\n  {pointed}"


def plot_option(text: str) -> Callable[[F], F]:
    """Answer the option --plot of a command.

    Args:
        text: its help.
    """
    return click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), callback=_suffixed, help=text)


def _suffixed(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Answer the path of a picture; any suffix but .svg and .png is a usage error."""
    if path is not None and path.suffix.lower() not in {".svg", ".png"}:
        raise click.BadParameter(f"{path}: give a file that ends in .svg or .png", context, parameter)
    return path


def shown_in(path: Path, draw: Callable[[], None]) -> None:
    """Draw a picture, and say where it is.

    Args:
        path: where it will be.
        draw: imports what draws, and draws.
    """
    try:
        draw()
    except ImportError as error:
        raise click.UsageError(install_hint("--plot", error)) from None
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None
    click.echo(f"wrote {path}", err=True)
