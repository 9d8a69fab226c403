"""One row of the rule table."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table.

    Args:
        code: `ML` and three digits; the first digit is the family.
        title: a few words, no full stop.
        message: what it means and why it matters, in one to three sentences.
        remedy: what a person can do.
        before: code that the rule is about; empty where no code can show it.
        after: the same code once the remedy was applied; empty where there is nothing to write.
    """

    code: str
    title: str
    message: str
    remedy: str
    before: str = ""
    after: str = ""
