"""The last lines of a run: what it adds up to, and what to do next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from mulligan_codemods.report.hints import nearly_equal
from mulligan_codemods.report.text import MARKS, STYLES
from mulligan_codemods.rows import counts, progress
from mulligan_codemods.rules.table import TABLE
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from mulligan_codemods.rows import Report

__all__ = ["print_summary"]

MEANINGS = {
    Status.SAFE: "rewritten by a proved policy",
    Status.UNSAFE: "a rewrite exists, but it is not proved equal",
    Status.CANDIDATE: "understood; migrate proves and rewrites them",
    Status.REFUSED: "left alone, each with its reason above",
    Status.IGNORED: "left out by comments or options",
    Status.FAILED: "mulligan itself failed on them",
}


def print_summary(console: Console, report: Report, paths: Sequence[str], *, migrating: bool) -> None:
    """Print the counts, the most frequent hazards, and the next steps.

    Args:
        console: where to.
        report: what was found.
        paths: what the user named, to be repeated in the next steps.
        migrating: whether this was `migrate`, not `scan`.
    """
    for line in _lines(report, " ".join(paths), migrating=migrating):
        console.print(line, soft_wrap=True)


def _lines(report: Report, paths: str, *, migrating: bool) -> Iterator[Text]:
    if report.interrupted:
        yield Text("Interrupted: this is what was done so far.", "bold red")
    files = f"{report.files:,} file{'' if report.files == 1 else 's'}"
    if not report.found:
        yield Text(f"No retries in {files} ({report.seconds:.1f} s).")
        yield from _progress_line(report)
        yield from _steps(report, paths, migrating=migrating)
        return
    retries = "1 retry" if report.found == 1 else f"{report.found:,} retries"
    yield Text.assemble((f"Found {retries}", "bold"), f" in {files} ({report.seconds:.1f} s).")
    yield from _count_lines(report)
    yield from _baseline_line(report)
    yield from _hazard_line(report)
    yield from (Text(f"Nearly equal policies {hint}") for hint in nearly_equal(report.rows))
    yield from _progress_line(report)
    yield from _steps(report, paths, migrating=migrating)


def _progress_line(report: Report) -> Iterator[Text]:
    """Say how many sites have come how far, once one has moved."""
    counted = progress(report)
    if counted["staged"] or counted["modern"]:
        yield Text(f"Progress: {' · '.join(f'{count:,} {name}' for name, count in counted.items())}")


def _steps(report: Report, paths: str, *, migrating: bool) -> Iterator[Text]:
    steps = list(_next_steps(report, paths, migrating=migrating))
    if steps:
        yield Text()
        yield Text("Next:", "bold")
        width = max(len(command) for command, _ in steps)
        yield from (Text.assemble("  ", (command.ljust(width), "cyan"), f"   {why}") for command, why in steps)


def _count_lines(report: Report) -> Iterator[Text]:
    for status, count in counts(report).items():
        if count:
            written = sum(row.written for row in report.rows if row.status is status)
            after = f"; {written} written" if written else ""
            yield Text.assemble(
                (f"  {MARKS[status]} {count:>4,} {status.value:<10}", STYLES[status]), f" {MEANINGS[status]}{after}"
            )


def _baseline_line(report: Report) -> Iterator[Text]:
    if report.baseline:
        known = sum(row.known for row in report.rows)
        yield Text.assemble((f"{len(report.new):,} new", "bold"), f", {known:,} known from the baseline")


def _hazard_line(report: Report) -> Iterator[Text]:
    counted = Counter(code for row in report.rows for code in {hazard.code for hazard in row.hazards})
    if counted:
        told = " · ".join(f"{count} {_title(code)} ({code})" for code, count in _most_common(counted, 6))
        yield Text(f"Hazards: {told}")


def _title(code: str) -> str:
    row = TABLE.get(code)
    return row.title[0].lower() + row.title[1:] if row else code


def _next_steps(report: Report, paths: str, *, migrating: bool) -> Iterator[tuple[str, str]]:
    left = Counter(row.status for row in report.rows if not row.written)
    written = any(row.written for row in report.rows)
    if not migrating:
        if left[Status.CANDIDATE] or left[Status.SAFE] or left[Status.UNSAFE]:
            yield f"mulligan migrate {paths}", "prove the rewrites and show them as a diff; nothing is changed"
    else:
        if left[Status.SAFE]:
            yield f"mulligan migrate --write {paths}", "apply the safe rewrites"
        if left[Status.UNSAFE]:
            yield f"mulligan migrate --explain-proof {paths}", "why the others are not proved; --unsafe applies them"
    if report.staged or (report.staging and written):
        yield (
            f"mulligan migrate --finalize {paths}",
            "show the code without what --staged kept; add --write to remove it",
        )
    code = next((row.reason.code for row in report.rows if row.reason and row.status is Status.REFUSED), None)
    if code is not None:
        yield f"mulligan rule {code}", "what a code means, with an example"
    if written:
        yield "git diff", "read what was written, then run your tests"
        yield "mulligan migrate --undo", "take it back"


def _most_common(counted: Counter[str], most: int) -> list[tuple[str, int]]:
    """Answer the codes that were counted most, equal ones by code: a report is the same from run to run."""
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]
