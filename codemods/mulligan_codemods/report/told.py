"""One sentence about a site, for reports that have one line for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.report.forms import becomes
from mulligan_codemods.rules.table import TABLE
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from mulligan_codemods.rows import Row

__all__ = ["does", "headline", "phrases", "remedy"]

UNKNOWN = ("", "unknown")


def headline(row: Row) -> str:
    """Answer what a site is and what can become of it."""
    return f"Retry in {row.site.qualname}: {_end(row)}"


def does(row: Row) -> str:
    """Answer what the code does today, or nothing where that is not known."""
    return ", ".join(f"{label} {phrase}" for label, phrase in phrases(row))


def phrases(row: Row) -> tuple[tuple[str, str], ...]:
    """Answer what is known of what the code does today: each phrase with its label."""
    behaviour = row.site.behaviour
    if behaviour is None:
        return ()
    parts = (("attempts", behaviour.attempts), ("delay", behaviour.delays), ("on", behaviour.exceptions))
    return tuple((label, phrase) for label, phrase in parts if phrase not in UNKNOWN)


def remedy(row: Row) -> tuple[str, ...]:
    """Answer what a person can do, where the rule table knows it."""
    rule = TABLE.get(row.reason.code) if row.reason else None
    return (f"Remedy: {rule.remedy}",) if rule else ()


def _end(row: Row) -> str:
    if row.written:
        return f"rewritten as {becomes(row)}."
    match row.status:
        case Status.SAFE:
            return f"can become {becomes(row)}, proved equal."
        case Status.CANDIDATE:
            return "mulligan migrate can rewrite it."
        case _:
            return f"{row.reason.code} {row.reason.message}." if row.reason else f"{row.status.value}."
