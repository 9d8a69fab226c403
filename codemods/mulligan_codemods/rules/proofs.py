"""ML4xx: what the proof said."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML401",
        title="Code outside the interpreted grammar",
        message="The loop, or its rewrite, uses a construct that the proof does not interpret.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML402",
        title="Name is not certain in the proof",
        message="What a name means can't be told from the module alone, so nothing can be proved about its use.",
        remedy="Import the name explicitly; or read the diff and apply it with --unsafe.",
        before="from legacy import *",
        after="from legacy import connect",
    ),
    Rule(
        code="ML403",
        title="Code looks at its own place",
        message="A call such as locals() or eval() sees where the code stands, so moving the code may change it.",
        remedy="Pass what is needed explicitly; or read the diff and apply it with --unsafe.",
    ),
    Rule(
        code="ML404",
        title="Code runs too long in the proof",
        message="The interpreted code did not come to an end within the bound of steps.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML405",
        title="Policy can't be read by the proof",
        message="The policy that the rewrite uses has an argument that is not interpreted, or is defined elsewhere.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML406",
        title="More changed than one place",
        message="Besides the loop the rewrite changes what a name of the module or of the function means.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML407",
        title="Variables are shared in a way that is not interpreted",
        message="A nested function rebinds a variable, or the function takes hold of its own variables.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML408",
        title="Text can't be read by the proof",
        message="The module, or its rewrite, is too deep or too odd for the proof to read.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML490",
        title="Rewrite behaves differently",
        message="In at least one world the rewritten code does something else than the loop; --explain-proof shows it.",
        remedy="Read the world that is shown; if the new behaviour is what you want, apply it with --unsafe.",
    ),
    Rule(
        code="ML491",
        title="Proof is undecided",
        message="A bound on the number of worlds or on time was reached; nothing is claimed about the rewrite.",
        remedy="Read the diff; apply it with --unsafe.",
    ),
    Rule(
        code="ML492",
        title="Proof rests on an uncommon assumption",
        message="The rewrite is equal only if something holds that is not on the documented short list.",
        remedy="Check the assumption; apply the rewrite with --unsafe.",
    ),
)
