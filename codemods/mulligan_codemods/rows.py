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

__all__ = [
    "COUNTED",
    "Excerpt",
    "Fix",
    "FoundHelper",
    "Notice",
    "Replacement",
    "Report",
    "Row",
    "StagedSite",
    "counts",
    "progress",
]

COUNTED = (Status.SAFE, Status.UNSAFE, Status.CANDIDATE, Status.REFUSED, Status.IGNORED, Status.FAILED)
"""The statuses whose sum is the number of sites found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Some lines of a file, with the number of the first."""

    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that nobody needs any more: a comment, an entry of a baseline."""

    path: str
    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedSite:
    """A site whose old code is kept behind the flag: where it asks for it, and under which name."""

    path: str
    line: int
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHelper:
    """A function of the project that is a retry engine itself.

    Args:
        path: its file.
        line: the line of its `def`.
        name: what it is called in a mapping, `module:function`.
        mapping: which parameter means what, as far as its code tells; empty where no parameter says how often.
        left_out: its parameters that the mapping has no word for.
        doubts: what the mapping does not say of its delays.
        callers: how often it is used in the files that were scanned, besides its own.
        files: in how many of them.
        mapped: whether the settings map it already.
    """

    path: str
    line: int
    name: str
    mapping: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    doubts: tuple[str, ...]
    callers: int
    files: int
    mapped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Put `text` in the place of what begins with `line` and ends before a line and a column, all counted from 1."""

    line: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """The rewrite of one site alone, against the file as it was read, and the policies module that it needs."""

    replacements: tuple[Replacement, ...]
    policies: tuple[str, ...] = ()


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
        fingerprint: a name that edits elsewhere do not change.
        known: whether the baseline holds the site.
        fix: the rewrite of this site alone, where it is planned.
        dropped: the comments that the rewrite loses.
        unread: the constants of the module that nothing in it reads any more.
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
    fingerprint: str = ""
    known: bool = False
    fix: Fix | None = None
    dropped: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


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
        notices: what nobody needs any more.
        interrupted: whether the run was stopped before its end; `rows` and `errors` are those of what was done.
        baseline: whether a baseline says which sites are known.
        staging: whether rewrites keep the old code behind the flag.
        staged: the sites that did so before the run.
        modern: how many sites used a policy before the run, besides those.
        helpers: functions of the project that are retry engines themselves.
        dependencies: what becomes of files that declare dependencies, once all the changes are written.
    """

    rows: tuple[Row, ...]
    errors: tuple[Unreadable, ...]
    files: int
    seconds: float
    changes: tuple[Change, ...] = ()
    proved: bool = False
    notices: tuple[Notice, ...] = ()
    interrupted: bool = False
    baseline: bool = False
    staging: bool = False
    staged: tuple[StagedSite, ...] = ()
    modern: int = 0
    helpers: tuple[FoundHelper, ...] = ()
    dependencies: tuple[Change, ...] = ()

    @property
    def found(self) -> int:
        """The number of sites that retry."""
        return sum(counts(self).values())

    @property
    def new(self) -> tuple[Row, ...]:
        """The sites that retry, that nobody ignored, and that the baseline does not hold."""
        return tuple(
            row for row in self.rows if row.status in COUNTED and row.status is not Status.IGNORED and not row.known
        )

    @property
    def failed(self) -> bool:
        """Whether something could not be processed."""
        return bool(self.errors) or counts(self)[Status.FAILED] > 0


def counts(report: Report) -> Mapping[Status, int]:
    """Count the rows by status; a site that is no retry is not counted."""
    counted = Counter(row.status for row in report.rows)
    return {status: counted[status] for status in COUNTED}


def progress(report: Report) -> Mapping[str, int]:
    """Count the sites by how far they have come: `legacy`, `staged`, `modern`; what was written counts as it is now."""
    written = sum(row.written for row in report.rows)
    staged = len(report.staged) + (written if report.staging else 0)
    modern = report.modern + (0 if report.staging else written)
    return {"legacy": report.found - written, "staged": staged, "modern": modern}
