"""The report for people: each site with its place, what it does, its hazards, and why it was left alone.

Rules: lines are never broken by width, so that they can be searched; colour only where the console has it. What is
printed comes from rows and the rule table; nothing is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from mulligan_codemods.prove.result import Proved
from mulligan_codemods.report.forms import becomes
from mulligan_codemods.report.proof import proof_lines
from mulligan_codemods.report.told import phrases
from mulligan_codemods.rules.table import TABLE
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from mulligan_codemods.files.source import Unreadable
    from mulligan_codemods.rows import Excerpt, Notice, Report, Row
    from mulligan_codemods.site import Reason

__all__ = ["MARKS", "STYLES", "print_errors", "print_notices", "print_rows"]

MARKS = {
    Status.SAFE: "✔",
    Status.UNSAFE: "▲",
    Status.CANDIDATE: "◆",
    Status.REFUSED: "✘",
    Status.IGNORED: "·",
    Status.FAILED: "!",
    Status.NOT_RETRY: "·",
}
STYLES = {
    Status.SAFE: "green",
    Status.UNSAFE: "yellow",
    Status.CANDIDATE: "cyan",
    Status.REFUSED: "magenta",
    Status.IGNORED: "dim",
    Status.FAILED: "bold red",
    Status.NOT_RETRY: "dim",
}
MARGIN = " " * 14
FRAMED = (Status.REFUSED, Status.UNSAFE, Status.FAILED)
"""How sites ended whose reason is shown in its lines."""

LONGEST = 240


def print_rows(console: Console, report: Report, *, everything: bool = False, explain: bool = False) -> None:
    """Print the sites.

    Args:
        console: where to.
        report: what was found.
        everything: whether sites that are ignored, known from the baseline or no retries are printed too.
        explain: whether the proofs are printed.
    """
    hidden = () if everything else (Status.IGNORED, Status.NOT_RETRY)
    for row in report.rows:
        if row.status not in hidden and (everything or not row.known):
            for line in _row_lines(row, explain=explain):
                console.print(line, soft_wrap=True)
            console.print()


def print_errors(console: Console, errors: Sequence[Unreadable]) -> None:
    """Print the files that were left alone."""
    for error in errors:
        place = error.path if error.line is None else f"{error.path}:{error.line}"
        console.print(
            Text.assemble(("! skipped", "bold red"), "     ", (place, "bold"), f"  {error.code} {error.message}"),
            soft_wrap=True,
        )
    if errors:
        console.print()


def print_notices(console: Console, notices: Sequence[Notice]) -> None:
    """Print what nobody needs any more, and what is missing."""
    for notice in notices:
        place = notice.path if notice.line is None else f"{notice.path}:{notice.line}"
        label = "· missing" if notice.code == "ML504" else "· unused "
        console.print(
            Text.assemble((label, "yellow"), "     ", (place, "bold"), f"  {notice.code} {notice.message}"),
            soft_wrap=True,
        )
    if notices:
        console.print()


def _row_lines(row: Row, *, explain: bool) -> Iterator[Text]:
    yield _title(row)
    does = [Text.assemble((f"{label} ", "dim"), phrase) for label, phrase in phrases(row)]
    if does:
        yield Text(MARGIN) + Text("   ").join(does)
    for hazard in row.hazards:
        yield _coded(hazard.code, hazard.message, "yellow", f" (line {hazard.line})")
    if row.status in (Status.SAFE, Status.UNSAFE):
        yield from _rewrite_lines(row)
    if row.reason is not None:
        yield from _reason_lines(row.reason, row.shown if row.status in FRAMED else None)
    elif row.shown is not None and row.status is Status.CANDIDATE:
        yield from _excerpt_lines(row.shown, row.site.span.line)
    if explain and row.proof is not None:
        yield from (Text(MARGIN) + line for line in proof_lines(row.proof))


def _title(row: Row) -> Text:
    mark, style = MARKS[row.status], STYLES[row.status]
    label = "written" if row.written else row.status.value.replace("_", " ")
    shape = f"  {row.site.shape}" if row.site.shape else ""
    return Text.assemble(
        (f"{mark} {label:<12}", style),
        (f"{row.site.path}:{row.site.span.line}", "bold"),
        f"  {row.site.qualname}",
        (shape, "dim"),
    )


def _coded(code: str, message: str, style: str, after: str = "") -> Text:
    return Text.assemble(MARGIN, (code, style), f" {message}", (after, "dim"))


def _rewrite_lines(row: Row) -> Iterator[Text]:
    if row.form is not None:
        yield Text.assemble(f"{MARGIN}becomes ", (becomes(row), "bold"))
    if isinstance(row.proof, Proved):
        yield Text(f"{MARGIN}proved equal in {row.proof.worlds:,} worlds", "green")
        yield from _listed("assuming", [assumption.text for assumption in row.proof.assumptions])
        yield from _listed("except", row.proof.differences)
    yield from _listed("drops", row.dropped)
    yield from _listed("leaves", [f"{name}, which nothing in the module reads any more" for name in row.unread])


def _listed(label: str, items: Sequence[str]) -> Iterator[Text]:
    if items:
        yield Text.assemble(f"{MARGIN}  ", (f"{label:<9}", "dim"), " · ".join(items))


def _reason_lines(reason: Reason, shown: Excerpt | None) -> Iterator[Text]:
    row = TABLE.get(reason.code)
    title = f"{row.title}: " if row and row.title.lower() != reason.message.lower() else ""
    yield _coded(reason.code, f"{title}{_shortened(reason.message)}", "bold")
    if shown is not None:
        yield from _excerpt_lines(shown, reason.span.line)
    if row is not None:
        yield Text(f"{MARGIN}→ {row.remedy}", "dim")


def _shortened(message: str) -> str:
    """Answer the end of a long story, where it says what differs; the whole is in the JSON report."""
    return message if len(message) <= LONGEST else f"… {message[-LONGEST:].partition(' ')[2]}"


def _excerpt_lines(shown: Excerpt, line: int) -> Iterator[Text]:
    width = len(str(shown.line + len(shown.lines) - 1))
    for number, text in enumerate(_dedented(shown.lines), shown.line):
        at = number == line
        yield Text.assemble(
            MARGIN, ("❱ " if at else "  ", "red"), (f"{number:>{width}} │ ", "dim"), (text, "" if at else "dim")
        )


def _dedented(lines: Iterable[str]) -> list[str]:
    expanded = [line.expandtabs(4).replace("\x0c", " ") for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in expanded if line.strip()), default=0)
    return [line[margin:].rstrip() for line in expanded]
