"""Where a site's policy lives and how the site names it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mulligan_codemods.central.importing import is_central
from mulligan_codemods.central.render import fixed_fields, joined, symbolic_fields

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Lowered, Understood

__all__ = ["Home", "home_of", "policy_expression"]


class Home(StrEnum):
    """Where a policy is defined: in the central module, or in the call itself."""

    CENTRAL = "central"
    INLINE = "inline"


def home_of(path: str, lowered: Understood) -> Home:
    """Answer where the policy of a site is defined."""
    return Home.CENTRAL if is_central(path, lowered) else Home.INLINE


def policy_expression(lowered: Lowered, constant: str, home: Home) -> str:
    """Answer how the site names its policy."""
    if lowered.hint is not None:
        fields = fixed_fields(lowered.parameters, everything=True)[1:]
        kept = [each for each in fields if each != ("schedule", "no_delay()")]
        return f"Policy({joined([('classify', lowered.hint.name), *kept])})"
    if home is Home.INLINE:
        fields = fixed_fields(lowered.parameters, everything=True)
        if lowered.predicate is not None:
            fields[0] = ("retry_on", lowered.predicate.name)
        return f"Policy({joined(fields)})"
    symbolic = symbolic_fields(lowered.parameters)
    return f"{constant}.replace({joined(symbolic)})" if symbolic else constant
