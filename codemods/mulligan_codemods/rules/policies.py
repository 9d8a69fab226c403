"""MP: what is doubtful about policies and files of policies. The runtime owns these rows."""

from __future__ import annotations

from typing import Final

from mulligan import explain
from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = tuple(
    Rule(
        code=row.code,
        title=row.title,
        message=row.message,
        remedy=row.remedy,
        before=row.before,
        after=row.after,
    )
    for row in explain.RULES
)
