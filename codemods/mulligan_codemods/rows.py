"""The facts that every report prints: one row per site, what went wrong with files, and how it adds up.

Rules: found = safe + unsafe + candidate + refused + ignored + failed, always; a row of a site that is no retry is
kept but never counted as found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.files.source import Unreadable
    from mulligan_codemods.files.write import Change
    from mulligan_codemods.prove.result import Proof
    from mulligan_codemods.site import Form, Hazard, Reason, Site

__all__ = ["COUNTED", "Excerpt", "Report", "Row", "counts"]

COUNTED = (Status.SAFE, Status.UNSAFE, Status.CANDIDATE, Status.REFUSED, Status.IGNORED, Status.FAILED)
"""The statuses whose sum is the number of sites found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Some lines of a file, with the number of the first."""

    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How one site ended.

    Args:
        site: what was recognised; its lines are those of the file as it was read.
        status: how it ended.
        reason: why it was not rewritten, or not safely; `None` where it was, or where nothing was tried.
        hazards: those hazards of the site that are to be reported.
        policy: the name of the policy that the rewrite uses, as the code spells it.
        form: what the rewrite looks like.
        proof: what the proof said.
        ordinal: how many candidates of the same function stand before it.
        planned: whether the rewrite is among the changes.
        written: whether the rewrite is in the file now.
        shown: the lines that the reason is about, or the first line of the site.
    """

    site: Site
    status: Status
    reason: Reason | None = None
    hazards: tuple[Hazard, ...] = ()
    policy: str | None = None
    form: Form | None = None
    proof: Proof | None = None
    ordinal: int = 0
    planned: bool = False
    written: bool = False
    shown: Excerpt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a run found and did.

    Args:
        rows: the sites, by path and line.
        errors: files that were left alone, and why.
        files: how many files were looked at.
        seconds: how long it took.
        changes: what was written, or would be; the policies modules first.
        proved: whether rewrites were proved, or sites only found.
    """

    rows: tuple[Row, ...]
    errors: tuple[Unreadable, ...]
    files: int
    seconds: float
    changes: tuple[Change, ...] = ()
    proved: bool = False

    @property
    def found(self) -> int:
        """The number of sites that retry."""
        return sum(counts(self).values())

    @property
    def failed(self) -> bool:
        """Whether something could not be processed."""
        return bool(self.errors) or counts(self)[Status.FAILED] > 0


def counts(report: Report) -> Mapping[Status, int]:
    """Count the rows by status; a site that is no retry is not counted."""
    counted = Counter(row.status for row in report.rows)
    return {status: counted[status] for status in COUNTED}
