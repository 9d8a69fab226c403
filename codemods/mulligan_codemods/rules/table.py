"""The rule table: every code that a report can name, with what it means and what to do about it.

Rules: one row per code, sorted by code; a code is never reused for something else. ML0xx: files that were left
alone. ML1xx: hazards of the code as it stands. ML2xx: retries that were refused. ML3xx: loops that are no retries.
ML4xx: what the proof said. ML5xx: what nobody needs any more. MP: policies and files of
policies, which `mulligan policies check` looks at. `mulligan rule ML204` prints a row; the stages refer to rows by
code.
"""

from __future__ import annotations

from typing import Final, Literal

from mulligan_codemods.rules import (
    files,
    hazards,
    libraries,
    notices,
    obstacles,
    other_loops,
    policies,
    proofs,
    refusals,
)
from mulligan_codemods.rules.rule import Rule

__all__ = ["EVERY", "RULES", "TABLE", "Family", "Rule", "family", "heading", "rule"]

Family = Literal[
    "file", "hazard", "refusal", "not a retry", "proof", "notice", "unusable policies", "policy", "policies"
]

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
"""What a report of the codemods can name."""

EVERY: Final[tuple[Rule, ...]] = (*RULES, *policies.RULES)
"""What `mulligan rule` explains."""

TABLE: Final[dict[str, Rule]] = {row.code: row for row in RULES}
"""The rows by their codes."""


def family(code: str) -> Family:
    """Answer the family of a code, by its letters and first digit.

    >>> family("ML104")
    'hazard'
    """
    return FAMILIES[code[:3]]


def rule(code: str) -> Rule | None:
    """Answer the row of `code`, in any case of letters, or `None` where there is none.

    >>> rule("ml104").title
    'Catches everything'
    """
    return next((row for row in EVERY if row.code == code.upper()), None)


def heading(of: Family) -> str:
    """Answer what a list of rules calls this family."""
    return HEADINGS[of]


FAMILIES: Final[dict[str, Family]] = {
    "ML0": "file",
    "ML1": "hazard",
    "ML2": "refusal",
    "ML3": "not a retry",
    "ML4": "proof",
    "ML5": "notice",
    "MP0": "unusable policies",
    "MP1": "policy",
    "MP2": "policies",
}
HEADINGS: Final[dict[Family, str]] = {
    "file": "Files that were left alone",
    "hazard": "Hazards of the code as it stands",
    "refusal": "Retries that were not rewritten",
    "not a retry": "Loops that are no retries",
    "proof": "What the proof said",
    "notice": "What nobody needs any more",
    "unusable policies": "Files of policies that can't be used",
    "policy": "Policies",
    "policies": "Files of policies",
}
