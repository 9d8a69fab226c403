"""The remarks about files of policies for people: one a line, and how many there are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from mulligan.explain.rules import title

if TYPE_CHECKING:
    from mulligan.config.file.checking import Remark

__all__ = ["print_remarks"]


def print_remarks(remarks: list[Remark]) -> None:
    """Print remarks.

    Args:
        remarks: in the order of their files.
    """
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    for each in remarks:
        place = each.file if each.line is None else f"{each.file}:{each.line}"
        about = (f"{each.policy}: " if each.policy else "", "bold")
        style = "red" if each.code.startswith("MP0") else "yellow"
        line = Text.assemble(
            (place, "bold"), " ", (each.code, style), " ", about, f"{title(each.code)}: {each.message}"
        )
        console.print(line, soft_wrap=True)
    count = len(remarks)
    console.print(f"{count} {'remark' if count == 1 else 'remarks'}" if count else "nothing to remark", style="dim")
