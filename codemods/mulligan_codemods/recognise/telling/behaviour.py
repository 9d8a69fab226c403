"""What a loop does today, said in a short phrase for each of attempts, delays and exceptions.

Rules: pure; phrases use the code's own words and no policy's.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import (
    Additive,
    Amount,
    Constant,
    Delays,
    Exponential,
    Fibonacci,
    FullJitter,
    Linear,
    Longest,
    NoDelay,
    Shortest,
    Symbol,
)
from mulligan_codemods.recognise.lowering.delays import schedule_of
from mulligan_codemods.recognise.numbers.sums import amount
from mulligan_codemods.site import Behaviour

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Schedule
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["behaviour_of", "delays", "shown"]


def behaviour_of(anatomy: Anatomy, reading: Reading | None) -> Behaviour:
    """Describe a loop; what could not be read is said to be unknown."""
    if reading is None:
        return Behaviour(attempts="unknown", delays="unknown", exceptions=_exceptions(anatomy))
    end = reading.end
    attempts = "unlimited" if end.attempts is None else shown(amount(end.attempts))
    if reading.listed is not None:
        attempts = "one more than there are delays" if end.attempts is None else attempts
    if end.seconds is not None:
        attempts = f"{attempts}, for {shown(amount(end.seconds))} s"
    found = schedule_of(reading)
    return Behaviour(
        attempts=attempts,
        delays=delays(found),
        exceptions=_exceptions(anatomy),
    )


def _exceptions(anatomy: Anatomy) -> str:
    layout = anatomy.place.layout
    types = [handler.type for handler in anatomy.again]
    parts = [
        part for each in types if each is not None for part in (each.elts if isinstance(each, ast.Tuple) else [each])
    ]
    texts = [layout.source(part) for part in parts]
    return ", ".join(dict.fromkeys(texts)) if all(types) else "everything"


def shown(value: Amount) -> str:
    """Spell an amount."""
    return value.text if isinstance(value, Symbol) else f"{value:g}" if isinstance(value, float) else str(value)


def delays(found: Schedule) -> str:
    """Describe a schedule in words."""
    text = _backoff(found)
    if found.cap is not None:
        text += f", at most {shown(found.cap)} s"
    match found.jitter:
        case None:
            return text
        case FullJitter():
            return f"random, up to {text}"
        case Additive(most=most):
            return f"{text}, and up to {shown(most)} s at random"
        case _:
            return f"{text}, more or less at random"


def _backoff(found: Schedule) -> str:
    text = "none"
    match found.backoff:
        case NoDelay():
            pass
        case Constant(seconds=seconds):
            text = f"{shown(seconds)} s"
        case Linear(start=start, step=step):
            text = f"{shown(start)} s, then {shown(step)} s more each time"
        case Exponential(base=base, factor=factor):
            text = f"{shown(base)} s, then {shown(factor)} times as long each time"
        case Delays(values=values):
            text = values.text if isinstance(values, Symbol) else f"{', '.join(map(shown, values))} s"
        case Fibonacci(base=base):
            text = f"{shown(base)} s, then growing as Fibonacci's numbers"
        case Longest(parts=parts):
            text = f"the longest of {' and '.join(map(delays, parts))}"
        case Shortest(parts=parts):
            text = f"the shortest of {' and '.join(map(delays, parts))}"
    return text
