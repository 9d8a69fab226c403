"""Code that depends on the use of a library, and retries nothing itself: why it is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.files.source import cut
from mulligan_codemods.uses.sightings import Role

if TYPE_CHECKING:
    from mulligan_codemods.find import Candidate

__all__ = ["refusal_of"]


def refusal_of(text: str, candidate: Candidate) -> tuple[str, str]:
    """Answer the code and the sentence for a use that only depends on others."""
    spelled = " ".join(cut(text, candidate.span).split())
    match candidate.role:
        case Role.STAR:
            return "ML223", "a star import may bind any name of the library"
        case Role.PATCH:
            return "ML257", "it patches a sleep that the migrated code does not call"
        case _:
            return "ML254", f"`{spelled}` reads what only the library's decorator sets"
