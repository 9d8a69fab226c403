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
    Rule(
        code="ML503",
        title="Dependency is no longer used",
        message=(
            "With the rewrites no Python file of the project imports the library. Where one line declares it and"
            " nothing else, the line goes with them, and comes back with --undo."
        ),
        remedy="Remove what is left by hand, and write lock files anew.",
        before="retry==0.9.2",
    ),
    Rule(
        code="ML504",
        title="mulligan is not declared",
        message="The rewritten code imports mulligan, and none of the project's dependencies names it.",
        remedy="Declare it where the code's other dependencies are declared.",
        before='dependencies = ["requests"]',
        after='dependencies = ["requests", "mulligan>=0.1.0"]',
    ),
)
