"""What is told of files whose old code goes: each site, what goes with it, and what is left."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.rows import Notice
    from mulligan_codemods.run.finalizing import Finalized

__all__ = ["lines"]


def lines(found: Sequence[Finalized], *, written: bool, notices: Sequence[Notice] = ()) -> Iterator[str]:
    """Yield the lines of the report.

    Args:
        found: the files with old code.
        written: whether it is gone already.
        notices: what becomes of dependencies.
    """
    for each in found:
        path = os.path.relpath(each.path)
        yield from (f"{path}:{site.line}  {site.site}: the old code {_goes(written)}" for site in each.sites)
        yield from (f"{path}  a comment goes with the old code: {comment}" for comment in each.dropped)
        yield from (f"{path}:{line}  left alone: this use of legacy_here is no plain branch" for line in each.left)
    for notice in notices:
        yield f"{notice.path}{'' if notice.line is None else f':{notice.line}'}  {notice.code} {notice.message}"
    count = sum(len(each.sites) for each in found)
    yield f"{count} staged site{'' if count == 1 else 's'} {'finalized' if written else 'to finalize'}."


def _goes(written: bool) -> str:
    return "is removed" if written else "goes"
