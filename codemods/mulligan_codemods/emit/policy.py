"""How a site names its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.central.render import fixed_fields, joined, symbolic_fields

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Lowered

__all__ = ["policy_expression"]


def policy_expression(lowered: Lowered, constant: str | None) -> str:
    """Answer the policy as the site spells it.

    Args:
        lowered: the site.
        constant: the policy's name in the central module; `None` where it stands in the call.
    """
    if lowered.hint is not None:
        fields = fixed_fields(lowered.parameters, everything=True)[1:]
        kept = [each for each in fields if each != ("schedule", "no_delay()")]
        return f"Policy({joined([('classify', lowered.hint.name), *kept])})"
    if constant is None:
        fields = fixed_fields(lowered.parameters, everything=True)
        if lowered.predicate is not None:
            fields[0] = ("retry_on", lowered.predicate.name)
        return f"Policy({joined(fields)})"
    symbolic = symbolic_fields(lowered.parameters)
    return f"{constant}.replace({joined(symbolic)})" if symbolic else constant
