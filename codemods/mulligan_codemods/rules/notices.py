"""ML5xx: what nobody needs any more."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML501",
        title="Comment ignores nothing",
        message=(
            "The comment, or one of its codes, has no site to ignore. It would silently hide the next retry that is"
            " written on this line."
        ),
        remedy="Delete the comment, or the code from it.",
        before="x = 1  # mulligan: ignore",
        after="x = 1",
    ),
    Rule(
        code="ML502",
        title="Baseline entry is no longer needed",
        message="The site was migrated, changed or deleted; scan takes its entry out of the baseline by itself.",
        remedy="Commit the baseline file.",
    ),
)
