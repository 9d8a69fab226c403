"""What a recogniser understood of a site, in the terms of a policy: the contract between recognise, policies and emit.

Rules: values only, no syntax trees; every piece of source is text moved to the left margin (`Layout.block`), so that
all of it pickles between processes. An amount is a number where the code says it, otherwise the expression as the
code spells it: symbolic parameters stay symbolic.
"""

from mulligan_codemods.lowered.loops import (
    Beside,
    Between,
    Block,
    Call,
    Ending,
    Hint,
    Hook,
    Lowered,
    Predicate,
    Result,
    Use,
)
from mulligan_codemods.lowered.parameters import ErrorClass, Origin, Parameters
from mulligan_codemods.lowered.schedules import (
    Additive,
    Amount,
    Backoff,
    Constant,
    Delays,
    Exponential,
    Fibonacci,
    FullJitter,
    Jitter,
    Linear,
    Longest,
    NoDelay,
    Proportional,
    Schedule,
    Shortest,
    Symbol,
)
from mulligan_codemods.lowered.uses import Adopted, Premise, Strategy, Told

__all__ = [
    "Additive",
    "Adopted",
    "Amount",
    "Backoff",
    "Beside",
    "Between",
    "Block",
    "Call",
    "Constant",
    "Delays",
    "Ending",
    "ErrorClass",
    "Exponential",
    "Fibonacci",
    "FullJitter",
    "Hint",
    "Hook",
    "Jitter",
    "Linear",
    "Longest",
    "Lowered",
    "NoDelay",
    "Origin",
    "Parameters",
    "Predicate",
    "Premise",
    "Proportional",
    "Result",
    "Schedule",
    "Shortest",
    "Strategy",
    "Symbol",
    "Told",
    "Understood",
    "Use",
]

Understood = Lowered | Adopted
