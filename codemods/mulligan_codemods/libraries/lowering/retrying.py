"""retrying: milliseconds; the longest of the waits that are given, plus jitter above it.

Giving one parameter of a wait enables it, with hidden defaults for the others. Errors are retried unless a predicate
says otherwise, also where a predicate on values is given.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import (
    CLOCK,
    NOTE,
    PREDICATE,
    WHOLE,
    above_nothing,
    at_least_nothing,
)
from mulligan_codemods.libraries.lowering.delays import bounded, constant, longest, uniform
from mulligan_codemods.libraries.lowering.terms import Exhaustion, Terms
from mulligan_codemods.libraries.reading.amounts import amount, counted, known, product, seconds
from mulligan_codemods.libraries.reading.errors import EXCEPTION, Errors, classes, predicate, predicate_text
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Additive, Exponential, Linear, NoDelay, Schedule, Strategy, Symbol

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import Amount

__all__ = ["lower_retrying"]

WITHOUT_COUNTERPART = ("stop", "wait", "stop_func", "wait_func", "before_attempts", "after_attempts", "logger")
TOLD = (
    *("stop_max_attempt_number", "stop_max_delay", "wait_fixed", "wait_random_min", "wait_random_max"),
    *("wait_incrementing_start", "wait_incrementing_increment", "wait_incrementing_max"),
    *("wait_exponential_multiplier", "wait_exponential_max", "wait_jitter_max"),
)
AFTER_VALUES = Exhaustion(module="retrying", name="RetryError", after_values=True)
WRAPPED = "RetryExhausted is raised instead of retrying.RetryError, and only where no attempt is left"


def lower_retrying(use: Use) -> Terms:
    """Answer what `retry(...)` or `Retrying(...)` says."""
    for name in WITHOUT_COUNTERPART:
        argument = use.told(name)
        if argument is not None:
            raise Refused("ML251", f"`{name}` has no counterpart", argument.node)
    attempts = use.told("stop_max_attempt_number")
    limit, premises = (None, ()) if attempts is None else counted(attempts, "stop_max_attempt_number")
    stop_after = _seconds(use, "stop_max_delay")
    schedule = _jittered(use, _schedule(use))
    errors, retry_if = _errors(use), use.told("retry_on_result")
    values = None if retry_if is None else predicate_text(retry_if)
    wrapped = _wraps(use)
    drawn = use.given("wait_random_min") or use.given("wait_random_max")
    asks = errors.predicate is not None or values is not None
    return Terms(
        retry_on=errors.classes, predicate=errors.predicate, retry_if=values, schedule=schedule,
        max_attempts=limit, stop_after=stop_after, on_exhausted="wrap" if wrapped else None,
        original=_original(use),
        premises=(
            *premises,
            *above_nothing(_raw(use, TOLD[1])),
            *at_least_nothing(*(_raw(use, name) for name in TOLD[2:])),
        ),
        differences=(
            NOTE,
            *([PREDICATE] if asks else ()),
            *([CLOCK] if stop_after is not None else ()),
            *([WHOLE] if drawn is not None else ()),
        ),
        departures=(WRAPPED,) if wrapped else (),
        exhaustion=None if values is None or wrapped else AFTER_VALUES,
    )  # fmt: skip


def _original(use: Use) -> Strategy:
    told = [(name, use.amount(name)) for name in TOLD]
    return Strategy("retrying", tuple(each for each in told if each[1] is not None))


def _raw(use: Use, name: str) -> Amount | None:
    """Answer a length of time as it is given; `None` where it is not, or where the module says what it is."""
    argument = use.told(name)
    if argument is None:
        return None
    found = amount(argument)
    return None if (known(argument, found) or -1) > 0 else found


def _seconds(use: Use, name: str) -> Amount | None:
    """Answer a length of time; a wait that is not given is none."""
    argument = use.told(name)
    if argument is None:
        return None
    found = seconds(argument, milliseconds=True)
    if not isinstance(found, Symbol) and (found < 0 or (found == 0 and name == "stop_max_delay")):
        raise Refused("ML251", f"`{name}` is not above 0", argument.node)
    return found


def _schedule(use: Use) -> Schedule:
    """Answer the longest of the waits that are enabled."""
    parts: list[Schedule] = []
    fixed = _seconds(use, "wait_fixed")
    if fixed is not None:
        parts.append(constant(fixed))
    least, greatest = _seconds(use, "wait_random_min"), _seconds(use, "wait_random_max")
    if least is not None or greatest is not None:
        drawn = uniform(0 if least is None else least, 1 if greatest is None else greatest)
        if drawn is None:
            raise Refused("ML252", "wait_random_min is above wait_random_max: the library raises ValueError")
        parts.append(drawn)
    start, step = _seconds(use, "wait_incrementing_start"), _seconds(use, "wait_incrementing_increment")
    if start is not None or step is not None:
        line = Linear(0 if start is None else start, 0.1 if step is None else step)
        parts.append(bounded(line, _seconds(use, "wait_incrementing_max")))
    multiplier, cap = _seconds(use, "wait_exponential_multiplier"), _seconds(use, "wait_exponential_max")
    if multiplier is not None or cap is not None:
        parts.append(bounded(Exponential(product(0.001 if multiplier is None else multiplier, 2), 2), cap))
    return longest(parts) if parts else Schedule(backoff=NoDelay())


def _jittered(use: Use, found: Schedule) -> Schedule:
    most = _seconds(use, "wait_jitter_max")
    if most is None or most == 0:
        return found
    if use.given("wait_random_min") or use.given("wait_random_max"):
        raise Refused("ML252", "a random wait with jitter on top has no schedule")
    return Schedule(backoff=found.backoff, cap=found.cap, loose=found.loose, jitter=Additive(most))


def _errors(use: Use) -> Errors:
    argument = use.told("retry_on_exception")
    if argument is None:
        return Errors(classes=(EXCEPTION,))
    if isinstance(argument.node, ast.Tuple):
        return Errors(classes=classes(argument))
    if isinstance(argument.node, ast.Name | ast.Attribute):
        _refuse_class(argument)
    return predicate(argument)


def _refuse_class(argument: Argument) -> None:
    name = argument.text.rpartition(".")[2]
    if name[:1].isupper():
        message = (
            f"`{argument.text}` looks like a class, which raises TypeError, or like a tuple that is not written here"
        )
        raise Refused("ML251", message, argument.node)


def _wraps(use: Use) -> bool:
    argument = use.given("wrap_exception")
    if argument is None:
        return False
    if not isinstance(argument.node, ast.Constant):
        raise Refused("ML251", "whether errors are wrapped can't be read", argument.node)
    return bool(argument.node.value)
