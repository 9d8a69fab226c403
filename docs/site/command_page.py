"""The reference of the command line, made from the help of the commands themselves."""

from __future__ import annotations

import click

from mulligan.cli.commands import commands

__all__ = ["command_page"]

HEAD = """\
# Command line

What `mulligan COMMAND --help` prints. `pip install 'mulligan[cli]'` brings the command, `'mulligan[codemod]'` what
reads and rewrites code. Exit codes: 0 done, 1 `--check` found something, 2 wrong usage, 3 some files could not be
processed.
"""
WIDTH = 100


def command_page() -> str:
    """Answer the page."""
    return "\n".join([HEAD, *_sections(commands, "mulligan", None)])


def _sections(command: click.Command, name: str, parent: click.Context | None) -> list[str]:
    last = name.rpartition(" ")[2]
    context = command.make_context(last, [], parent, resilient_parsing=True, terminal_width=WIDTH)
    parts = [f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            if found is not None and not found.hidden:
                parts.extend(_sections(found, f"{name} {each}", context))
    return parts
