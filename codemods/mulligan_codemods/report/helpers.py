"""The helpers of a project, each with the mapping to paste: what makes their calls sites that migrate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from mulligan_codemods.rows import FoundHelper

__all__ = ["mapping_lines", "print_helpers"]

MARGIN = " " * 14


def print_helpers(console: Console, helpers: Sequence[FoundHelper]) -> None:
    """Print the helpers that no mapping knows yet."""
    for each in helpers:
        if not each.mapped:
            for line in _lines(each):
                console.print(line, soft_wrap=True)
            console.print()


def mapping_lines(helper: FoundHelper) -> Iterator[str]:
    """Yield the lines that map a helper in `pyproject.toml`."""
    yield f'[tool.mulligan.helpers."{helper.name}"]'
    yield from (f'{field} = "{name}"' for field, name in helper.mapping)


def _lines(helper: FoundHelper) -> Iterator[Text]:
    calls = "1 call" if helper.callers == 1 else f"{helper.callers:,} calls"
    where = f"{calls} in {helper.files:,} file{'' if helper.files == 1 else 's'}" if helper.callers else "no call found"
    yield Text.assemble(
        ("◇ helper      ", "blue"), (f"{helper.path}:{helper.line}", "bold"), f"  {helper.name}   {where}"
    )
    if not helper.mapping:
        yield Text(f"{MARGIN}retries what it is given, but no parameter says how often: its calls can't be mapped")
        return
    yield Text(f"{MARGIN}retries what it is given; with these lines in pyproject.toml its calls are migrated too:")
    yield from (Text(f"{MARGIN}  {line}", "cyan") for line in mapping_lines(helper))
    if helper.left_out:
        yield Text(f"{MARGIN}left out   {', '.join(helper.left_out)}")
    yield from (Text(f"{MARGIN}compare    {doubt}", "yellow") for doubt in helper.doubts)
