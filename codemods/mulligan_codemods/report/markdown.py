"""The report as a comment on a pull request: counts, a table of the sites, and the diff folded away.

Rules: what stands in the code cannot break out of its cell or its fence; the text is never longer than GitHub takes
for one comment, and says what it left out.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mulligan_codemods.report.diff import unified
from mulligan_codemods.report.told import does, headline, remedy
from mulligan_codemods.rows import counts
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.rows import Report, Row

__all__ = ["LONGEST", "rendered"]

LONGEST = 65_000
"""Characters; GitHub refuses comments of more than 65,536."""

ICONS = {
    Status.SAFE: "✅",
    Status.UNSAFE: "⚠️",
    Status.CANDIDATE: "🔷",
    Status.REFUSED: "⛔",
    Status.FAILED: "💥",
}


def rendered(report: Report) -> str:
    """Answer the comment."""
    head = "".join(f"{line}\n" for line in _head(report))
    rows = [_row(row) for row in report.new]
    notes = "".join(f"{line}\n" for line in _notes(report))
    room = LONGEST - len(head) - len(notes) - 200
    kept = _fitting(rows, room)
    table = f"\n{TABLE_HEAD}{''.join(kept)}" if rows else ""
    left_out = len(rows) - len(kept)
    if left_out:
        table += f"\n… and {left_out:,} more.\n"
    return head + table + notes + _diff(report, room - len(table))


TABLE_HEAD = "| | place | what it does | what is wrong, what to do |\n|---|---|---|---|\n"


def _head(report: Report) -> Iterator[str]:
    new = " new" if report.baseline else ""
    what = "retry" if len(report.new) == 1 else "retries"
    yield f"### mulligan: {len(report.new):,}{new} {what}"
    yield ""
    told = [f"{ICONS[status]} {count} {status.value}" for status, count in _new_counts(report).items() if count]
    known = sum(row.known for row in report.rows)
    if known:
        told.append(f"{known} known from the baseline")
    ignored = counts(report)[Status.IGNORED]
    if ignored:
        told.append(f"{ignored} ignored")
    yield f"{' · '.join(told) or 'nothing found'} in {report.files:,} files."
    if report.interrupted:
        yield "\n**The run was interrupted: this is what was done so far.**"


def _new_counts(report: Report) -> dict[Status, int]:
    return {status: sum(row.status is status for row in report.new) for status in ICONS}


def _row(row: Row) -> str:
    span = row.site.span
    place = f"{_code(f'{_relative(row.site.path)}:{span.line}')}<br>{_code(row.site.qualname)}"
    wrong = [headline(row).partition(": ")[2], *(f"{each.code} {each.message}" for each in row.hazards), *remedy(row)]
    return f"| {ICONS[row.status]} | {place} | {_cell(does(row))} | {'<br>'.join(map(_cell, wrong))} |\n"


def _notes(report: Report) -> Iterator[str]:
    lines = [f"- {_code(_relative(each.path))} {each.code} {_cell(each.message)}" for each in report.errors]
    lines += [
        f"- {_code(_relative(each.path) + (f':{each.line}' if each.line else ''))} {each.code} {_cell(each.message)}"
        for each in report.notices
    ]
    if lines:
        yield ""
        yield from lines[:50]
        if len(lines) > 50:
            yield f"- … and {len(lines) - 50:,} more"


def _diff(report: Report, room: int) -> str:
    diff = unified(report.changes).decode("utf-8", "replace")
    if not diff:
        return ""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", diff)), default=0))
    folded = f"\n<details><summary>The rewrites as a diff</summary>\n\n{fence}diff\n{diff}{fence}\n\n</details>\n"
    return folded if len(folded) <= room else "\nThe diff is too long for a comment: `mulligan migrate` prints it.\n"


def _fitting(rows: list[str], room: int) -> list[str]:
    total = 0
    for index, row in enumerate(rows):
        total += len(row)
        if total > room:
            return rows[:index]
    return rows


def _relative(path: str) -> str:
    return os.path.relpath(path).replace(os.sep, "/")


def _code(text: str) -> str:
    mark = "``" if "`" in text else "`"
    return f"{mark}{text.replace('|', chr(92) + '|')}{mark}"


def _cell(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", " ".join(text.split()))
    return re.sub(r"(?<!\w)@(?=\w)", "@\u200b", escaped)  # names nobody on GitHub
