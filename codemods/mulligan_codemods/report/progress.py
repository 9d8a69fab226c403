"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from mulligan_codemods.run.engine import silent

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

    from mulligan_codemods.run.engine import Progress as Told

__all__ = ["progress"]


@contextmanager
def progress(console: Console) -> Generator[Told]:
    """Give a function that moves the bar; the bar is gone afterwards."""
    if not console.file.isatty():  # FORCE_COLOR makes no terminal of a file
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield told
