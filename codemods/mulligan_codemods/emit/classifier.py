"""The classifier of a site whose error asks for the delay.

Rules: a `match` over the outcome, which both type checkers follow; the names of verdicts come from `mulligan.classify`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mulligan_codemods.texts.layout import indented

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Lowered

__all__ = ["classifier", "verdicts"]


def verdicts(lowered: Lowered) -> list[tuple[str, str]]:
    """Answer what a classifier imports: pairs of a module and a name."""
    if lowered.hint is None:
        return []
    used = ["ACCEPT", "FAIL", *re.findall(r"return (TRANSIENT|Transient)\b", lowered.hint.body)]
    found = [("mulligan", "Raised"), *(("mulligan.classify", name) for name in sorted(set(used)))]
    return found + ([("mulligan.classify", "Verdict"), ("mulligan.outcome", "Outcome")] if lowered.annotated else [])


def classifier(lowered: Lowered, indent: str) -> list[str]:
    """Write the classifier as a local function; nothing where there is none."""
    hint = lowered.hint
    if hint is None:
        return []
    typed = "outcome: Outcome[object]) -> Verdict" if lowered.annotated else "outcome)"
    lines = [
        f"def {hint.name}({typed}:",
        "    match outcome:",
        f"        case Raised(error={hint.pattern}:",
        *(f"            {line}" for line in hint.body.split("\n")),
        "        case Raised():",
        "            return FAIL",
        "        case _:",
        "            return ACCEPT",
    ]
    return [*indented("\n".join(lines), indent).split("\n"), ""]
