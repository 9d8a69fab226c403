"""Parameters as the source of a policy: schedules, limits and what is retried, as a person would write them.

Rules: pure; what the loop said is written out, also where it is mulligan's default; numbers are written as the code had
them.
"""

from __future__ import annotations

from typing import assert_never

from mulligan_codemods.lowered import (
    Additive,
    Amount,
    Constant,
    Delays,
    Exponential,
    FullJitter,
    Jitter,
    Linear,
    NoDelay,
    Parameters,
    Proportional,
    Schedule,
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
    backoff: list[Amount]
    match found.backoff:
        case NoDelay():
            backoff = []
        case Constant(seconds=seconds):
            backoff = [seconds]
        case Linear(start=start, step=step):
            backoff = [start, step]
        case Exponential(base=base, factor=factor):
            backoff = [base, factor]
        case Delays(values=values):
            backoff = [values] if isinstance(values, Symbol) else [*values]
        case _:
            assert_never(found.backoff)
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
    return [*backoff, *extent, *([found.cap] if found.cap is not None else [])]


def schedule(found: Schedule) -> str:
    """Write a schedule.

    >>> schedule(Schedule(backoff=Exponential(0.5, 2), cap=30, jitter=FullJitter()))
    'exponential(0.5, cap=30).jittered(full_jitter())'
    """
    cap = "" if found.cap is None else f", cap={number(found.cap)}"
    jitter = "" if found.jitter is None else f".jittered({_jitter(found.jitter)})"
    match found.backoff:
        case NoDelay():
            return "no_delay()"
        case Constant(seconds=seconds):
            capped = "" if found.cap is None else f".capped({number(found.cap)})"
            return f"constant({number(seconds)}){capped}{jitter}"
        case Linear(start=start, step=step):
            stepped = "" if start == step else f", step={number(step)}"
            return f"linear({number(start)}{stepped}{cap}){jitter}"
        case Exponential(base=base, factor=factor):
            factored = "" if number(factor) == "2" else f", factor={number(factor)}"
            return f"exponential({number(base)}{factored}{cap}){jitter}"
        case Delays(values=values):
            listed = values.text if isinstance(values, Symbol) else f"[{', '.join(map(number, values))}]"
            return f"from_delays({listed}){jitter}"
        case _:
            assert_never(found.backoff)


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
    }
    jitter = {FullJitter: "full_jitter", Additive: "additive_jitter", Proportional: "proportional_jitter"}
    return {backoff[type(found.backoff)], *([jitter[type(found.jitter)]] if found.jitter is not None else [])}


def retry_on(parameters: Parameters) -> str:
    """Write what is retried."""
    texts = [each.text for each in parameters.retry_on]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def fixed_fields(parameters: Parameters, *, everything: bool = False) -> list[tuple[str, str]]:
    """Answer the fields of a policy that don't depend on the call; all of them where `everything` is asked for."""
    fields = [("retry_on", retry_on(parameters))]
    if everything or is_literal(parameters.schedule):
        fields.append(("schedule", schedule(parameters.schedule)))
    limits = [(name, text) for name, text, literal in _limits(parameters) if everything or literal]
    return fields + limits


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
