"""Write what a run planned, and take the last run of a folder back.

Rules: the journal comes first. Files that declare dependencies are written last, and only where everything else was
written: a library is not taken from code that still needs it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.files.journal import journal_of, record, undo
from mulligan_codemods.files.write import write_all

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.rows import Report

__all__ = ["undone", "written"]


def written(report: Report, folder: Path) -> tuple[Report, str]:
    """Write the changes, and say of each row whether it is in its file now.

    Args:
        report: what was planned.
        folder: the working folder, which the journal goes by.

    Returns:
        The report as it is now; and why the run can't be undone, where that is so.
    """
    if not report.changes:
        return report, ""
    unrecorded = record(journal_of(folder), (*report.changes, *report.dependencies))
    trouble = "" if unrecorded is None else f"This run cannot be undone: {unrecorded.path} {unrecorded.message}"
    errors = write_all(report.changes)
    failed = {error.path for error in errors}
    errors = errors or write_all(report.dependencies)
    paths = {change.path for change in report.changes} - failed
    rows = tuple(replace(row, written=row.planned and row.site.path in paths) for row in report.rows)
    interrupted = any(error.code == "ML015" for error in errors)
    return replace(report, rows=rows, errors=(*report.errors, *errors), interrupted=interrupted), trouble


def undone(folder: Path) -> tuple[bool, list[tuple[str, bool]]]:
    """Take the last run back; answer whether something was left, and what to print: lines, and errors."""
    answer = undo(journal_of(folder))
    if answer is None:
        return False, [("Nothing to undo: no mulligan migrate --write is on record for this folder.", False)]
    restored, errors = answer
    lines = [(f"restored {os.path.relpath(path)}", False) for path in restored]
    left = [(f"left alone {os.path.relpath(each.path)}: {each.code} {each.message}", True) for each in errors]
    return bool(errors), [*lines, *left]
