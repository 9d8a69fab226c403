"""How a rewritten site looks, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.central.importing import is_central
from mulligan_codemods.site import Form

if TYPE_CHECKING:
    from mulligan_codemods.rows import Row

__all__ = ["becomes"]

FORMS = {
    Form.DECORATOR: "@retry({policy})",
    Form.EXECUTE: "execute({policy}, …)",
    Form.FUNCTION: "a local function under execute({policy}, …)",
    Form.ATTEMPTS: "for attempt in attempts({policy})",
}


def becomes(row: Row) -> str:
    """Answer the form of a rewrite, with its policy; empty where there is none."""
    lowered = row.site.lowered
    inline = lowered is not None and not is_central(row.site.path, lowered)
    return "" if row.form is None else FORMS[row.form].format(policy="Policy(…)" if inline else row.policy)
