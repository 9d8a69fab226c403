"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mulligan_codemods.run.engine import silent

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TextIO

    from rich.progress import TaskID

    from mulligan_codemods.run.engine import Progress as Told

__all__ = ["progress"]


@contextmanager
def progress(stream: TextIO) -> Generator[Told]:
    """Give a function that moves the bar on a terminal; the bar is gone afterwards."""
    if not stream.isatty():  # FORCE_COLOR makes no terminal of a file
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 -- only a terminal needs it
    from rich.progress import (  # noqa: PLC0415 -- as above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(file=stream)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield told
