"""Parameters as the source of a policy: schedules, limits and what is retried, as a person would write them.

Rules: pure; what the loop said is written out, also where it is mulligan's default; numbers are written as the code had
them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from mulligan_codemods.lowered import (
    Additive,
    Amount,
    Constant,
    Delays,
    Exponential,
    Fibonacci,
    FullJitter,
    Jitter,
    Linear,
    Longest,
    NoDelay,
    Parameters,
    Proportional,
    Schedule,
    Shortest,
    Symbol,
)

__all__ = [
    "fixed_fields",
    "is_literal",
    "joined",
    "mulligan_names",
    "number",
    "retry_on",
    "schedule",
    "symbolic_fields",
]


def number(value: Amount) -> str:
    """Write an amount."""
    match value:
        case Symbol(text=text):
            return text
        case float() if value.is_integer() and abs(value) < 1e9:
            return str(int(value))
        case _:
            return repr(value)


def is_literal(found: Schedule) -> bool:
    """Tell whether a schedule holds nothing but numbers."""
    return not any(isinstance(value, Symbol) for value in _amounts(found))


def _amounts(found: Schedule) -> list[Amount]:
    extent: list[Amount] = []
    match found.jitter:
        case Additive(most=most):
            extent = [most]
        case Proportional(ratio=ratio):
            extent = [ratio]
        case FullJitter() | None:
            pass
        case _:
            assert_never(found.jitter)
    return [*_of_backoff(found), *extent, *([found.cap] if found.cap is not None else [])]


def _of_backoff(found: Schedule) -> list[Amount]:
    match found.backoff:
        case Linear(start=one, step=other) | Exponential(base=one, factor=other):
            return [one, other]
        case Constant(seconds=seconds) | Fibonacci(base=seconds):
            return [seconds]
        case Delays(values=values):
            return [values] if isinstance(values, Symbol) else [*values]
        case Longest(parts=parts) | Shortest(parts=parts):
            return [amount for part in parts for amount in _amounts(part)]
        case NoDelay():
            return []
        case _:
            assert_never(found.backoff)


def schedule(found: Schedule) -> str:
    """Write a schedule.

    >>> schedule(Schedule(backoff=Exponential(0.5, 2), cap=30, jitter=FullJitter()))
    'exponential(0.5, cap=30).jittered(full_jitter())'
    """
    jitter = "" if found.jitter is None else f".jittered({_jitter(found.jitter)})"
    if found.loose and found.cap is not None:
        return f"{_backoff(replace(found, cap=None))}.capped({number(found.cap)}){jitter}"
    return f"{_backoff(found)}{jitter}"


def _backoff(found: Schedule) -> str:
    cap = "" if found.cap is None else f", cap={number(found.cap)}"
    text = ""
    match found.backoff:
        case NoDelay():
            text = "no_delay()"
        case Constant(seconds=seconds):
            capped = "" if found.cap is None else f".capped({number(found.cap)})"
            text = f"constant({number(seconds)}){capped}"
        case Linear(start=start, step=step):
            stepped = "" if start == step else f", step={number(step)}"
            text = f"linear({number(start)}{stepped}{cap})"
        case Exponential(base=base, factor=factor):
            factored = "" if number(factor) == "2" else f", factor={number(factor)}"
            text = f"exponential({number(base)}{factored}{cap})"
        case Delays(values=values):
            listed = values.text if isinstance(values, Symbol) else f"[{', '.join(map(number, values))}]"
            text = f"from_delays({listed})"
        case Fibonacci(base=base):
            text = f"fibonacci({number(base)}{cap})"
        case Longest(parts=parts):
            text = f"max_of({', '.join(map(schedule, parts))})"
        case Shortest(parts=parts):
            text = f"min_of({', '.join(map(schedule, parts))})"
        case _:
            assert_never(found.backoff)
    return text


def _jitter(found: Jitter) -> str:
    match found:
        case FullJitter():
            return "full_jitter()"
        case Additive(most=most):
            return f"additive_jitter({number(most)})"
        case Proportional(ratio=ratio):
            return f"proportional_jitter({number(ratio)})"
        case _:
            assert_never(found)


def _schedule_names(found: Schedule) -> set[str]:
    backoff = {
        NoDelay: "no_delay",
        Constant: "constant",
        Linear: "linear",
        Exponential: "exponential",
        Delays: "from_delays",
        Fibonacci: "fibonacci",
        Longest: "max_of",
        Shortest: "min_of",
    }
    jitter = {FullJitter: "full_jitter", Additive: "additive_jitter", Proportional: "proportional_jitter"}
    inner = found.backoff.parts if isinstance(found.backoff, Longest | Shortest) else ()
    below = {name for part in inner for name in _schedule_names(part)}
    return below | {backoff[type(found.backoff)], *([jitter[type(found.jitter)]] if found.jitter is not None else [])}


def retry_on(parameters: Parameters) -> str:
    """Write what is retried."""
    texts = [each.text for each in parameters.retry_on]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def fixed_fields(parameters: Parameters, *, everything: bool = False) -> list[tuple[str, str]]:
    """Answer the fields of a policy that don't depend on the call; all of them where `everything` is asked for."""
    fields = [("retry_on", retry_on(parameters))] if parameters.retry_on else []
    if everything or is_literal(parameters.schedule):
        fields.append(("schedule", schedule(parameters.schedule)))
    limits = [(name, text) for name, text, literal in _limits(parameters) if everything or literal]
    ending = [] if parameters.on_exhausted is None else [("on_exhausted", f'"{parameters.on_exhausted}"')]
    return fields + limits + ending


def symbolic_fields(parameters: Parameters) -> list[tuple[str, str]]:
    """Answer the fields that each call gives by itself."""
    fields = [] if is_literal(parameters.schedule) else [("schedule", schedule(parameters.schedule))]
    return [(name, text) for name, text, literal in _limits(parameters) if not literal] + fields


def _limits(parameters: Parameters) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = []
    limit = parameters.max_attempts
    if limit is None:
        found.append(("max_attempts", "UNLIMITED", True))
    else:
        found.append(("max_attempts", number(limit), not isinstance(limit, Symbol)))
    for name, value in (("stop_after", parameters.stop_after), ("timeout", parameters.timeout)):
        if value is not None:
            found.append((name, number(value), not isinstance(value, Symbol)))
    return found


def mulligan_names(parameters: Parameters, *, fixed: bool) -> set[str]:
    """Answer the names of mulligan that the fixed (or the symbolic) fields use."""
    literal = is_literal(parameters.schedule)
    found = _schedule_names(parameters.schedule) if literal is fixed else set[str]()
    if fixed and parameters.max_attempts is None:
        found.add("UNLIMITED")
    return found


def joined(fields: list[tuple[str, str]]) -> str:
    """Write keyword arguments on one line."""
    return ", ".join(f"{name}={text}" for name, text in fields)
