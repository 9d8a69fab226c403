"""Propose what would make the policies of some files kinder, as one change a file.

Rules: the files are read as they are on disk, so that the proposals stand apart from any rewrite; nothing is written
here. A file that can't be read is left alone: the ordinary run reports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Unreadable, parse, read
from mulligan_codemods.files.width import line_length
from mulligan_codemods.files.write import Change
from mulligan_codemods.harden.proposals import Proposal, hardened
from mulligan_codemods.texts.fitting import fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Hardening", "hardenings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardening:
    """The proposals for one file, and the file with all of them applied."""

    change: Change
    proposals: tuple[Proposal, ...]


def hardenings(files: Sequence[str]) -> tuple[Hardening, ...]:
    """Answer the proposals for those of `files` that have any."""
    return tuple(found for path in files for found in _of_file(path))


def _of_file(path: str) -> Iterator[Hardening]:
    source = read(path)
    if isinstance(source, Unreadable) or "mulligan" not in source.text or isinstance(parse(source), Unreadable):
        return
    found = hardened(source.text)
    if found.proposals:
        text = fitted(source.text, found.text, line_length(path, source.text))
        change = Change(path=path, before=source.data, after=source.encode(text))
        yield Hardening(change=change, proposals=found.proposals)
