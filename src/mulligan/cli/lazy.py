"""A group of commands that are imported when they are called.

Rules: `mulligan schedule` imports no codemod; a command whose extra is missing is listed, and says what to install.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import click

from mulligan.cli.installing import install_hint

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LazyGroup"]

ENTRY_POINTS = "mulligan.commands"


class LazyGroup(click.Group):
    """A group whose commands are our own by module, and others' by entry point."""

    own: dict[str, str]
    """Our own commands: name → `module:attribute`."""

    def __init__(self, *, own: dict[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        self.own = own

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Answer every name in order, without importing what is behind it."""
        return sorted({*self.own, *entry_points(group=ENTRY_POINTS).names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command; None when there is none of this name."""
        if cmd_name in self.own:
            module, _, attribute = self.own[cmd_name].partition(":")
            return _imported(cmd_name, lambda: getattr(import_module(module), attribute))
        found = entry_points(group=ENTRY_POINTS, name=cmd_name)
        return _imported(cmd_name, next(iter(found)).load) if found else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; where there is none, guess what was meant."""
        near = get_close_matches(args[0], names := self.list_commands(ctx), n=1)
        if near and args[0] not in names:
            ctx.fail(f"No such command '{args[0]}': did you mean {near[0]}?")
        return super().resolve_command(ctx, args)


def _imported(name: str, load: Callable[[], object]) -> click.Command:
    try:
        command = load()
    except ImportError as error:
        return _missing(name, install_hint(f"mulligan {name}", error))
    assert isinstance(command, click.Command), f"{name} is no command"  # noqa: S101 - a packaging mistake
    return command


def _missing(name: str, hint: str) -> click.Command:
    """Answer a command that takes anything and says what to install."""

    @click.command(
        name,
        short_help=f"({hint})",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    )
    def missing() -> None:
        raise click.UsageError(hint)

    return missing
