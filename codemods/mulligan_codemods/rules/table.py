"""The rule table: every code that a report can name, with what it means and what to do about it.

Rules: one row per code, sorted by code; a code is never reused for something else. ML0xx: files that were left
alone. ML1xx: hazards of the code as it stands. ML2xx: retries that were refused. ML3xx: loops that are no retries.
ML4xx: what the proof said. ML5xx: what nobody needs any more. `mulligan rule ML204` prints a row; the stages refer to
rows by code.
"""

from __future__ import annotations

from typing import Final, Literal, assert_never

from mulligan_codemods.rules import files, hazards, libraries, notices, obstacles, other_loops, proofs, refusals
from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES", "TABLE", "Family", "Rule", "family", "heading", "rule"]

Family = Literal["file", "hazard", "refusal", "not a retry", "proof", "notice"]

RULES: Final[tuple[Rule, ...]] = (
    *files.RULES,
    *hazards.RULES,
    *refusals.RULES,
    *obstacles.RULES,
    *libraries.RULES,
    *other_loops.RULES,
    *proofs.RULES,
    *notices.RULES,
)

TABLE: Final[dict[str, Rule]] = {row.code: row for row in RULES}
"""The rows by their codes."""


def family(code: str) -> Family:
    """Answer the family of a code, by its first digit.

    >>> family("ML104")
    'hazard'
    """
    families: dict[str, Family] = {
        "0": "file",
        "1": "hazard",
        "2": "refusal",
        "3": "not a retry",
        "4": "proof",
        "5": "notice",
    }
    return families[code[2]]


def rule(code: str) -> Rule | None:
    """Answer the row of `code`, in any case of letters, or `None` where there is none.

    >>> rule("ml104").title
    'Catches everything'
    """
    return TABLE.get(code.upper())


def heading(of: Family) -> str:
    """Answer what a list of rules calls this family."""
    match of:
        case "file":
            return "Files that were left alone"
        case "hazard":
            return "Hazards of the code as it stands"
        case "refusal":
            return "Retries that were not rewritten"
        case "not a retry":
            return "Loops that are no retries"
        case "proof":
            return "What the proof said"
        case "notice":
            return "What nobody needs any more"
    assert_never(of)
