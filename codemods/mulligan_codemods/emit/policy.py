"""Where a site's policy lives and how the site names it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mulligan_codemods.importing import is_central
from mulligan_codemods.lowered import Origin
from mulligan_codemods.render import fixed_fields, joined, symbolic_fields

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Lowered

__all__ = ["Home", "home_of", "policy_definition", "policy_expression"]

WIDTH = 100


class Home(StrEnum):
    """Where a policy is defined: in the central module, in the site's module, or in the call itself."""

    CENTRAL = "central"
    MODULE = "module"
    INLINE = "inline"


def home_of(path: str, lowered: Lowered) -> Home:
    """Answer where the policy of a site is defined."""
    if is_central(path, lowered.parameters):
        return Home.CENTRAL
    local = any(each.origin is Origin.LOCAL for each in lowered.parameters.retry_on)
    return Home.INLINE if local else Home.MODULE


def policy_definition(lowered: Lowered, constant: str) -> tuple[str, ...]:
    """Answer the lines that define a policy in the site's own module."""
    fields = [("name", f'"{constant.lower()}"'), *fixed_fields(lowered.parameters)]
    line = f"{constant} = Policy({joined(fields)})"
    if len(line) <= WIDTH:
        return (line,)
    return (f"{constant} = Policy(", *(f"    {name}={text}," for name, text in fields), ")")


def policy_expression(lowered: Lowered, constant: str, home: Home) -> str:
    """Answer how the site names its policy."""
    symbolic = symbolic_fields(lowered.parameters)
    predicate = [] if lowered.predicate is None else [("retry_on", lowered.predicate.name)]
    if home is Home.INLINE:
        fields = fixed_fields(lowered.parameters, everything=True)
        return f"Policy({joined([*predicate, *(fields[1:] if predicate else fields)])})"
    symbolic = [*predicate, *symbolic]
    return f"{constant}.replace({joined(symbolic)})" if symbolic else constant
