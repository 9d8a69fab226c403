"""stamina: ten attempts, 45 seconds, exponential delays with jitter below the cap; seconds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import (
    NOTE,
    PREDICATE,
    SWITCHES,
    above_nothing,
    at_least_nothing,
    records,
)
from mulligan_codemods.libraries.lowering.delays import at_most, bounded
from mulligan_codemods.libraries.lowering.terms import Terms
from mulligan_codemods.libraries.reading.amounts import amount, counted, is_none
from mulligan_codemods.libraries.reading.errors import Errors, classes, is_bool, predicate, says_bool
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Additive, Exponential, Schedule, Strategy, Symbol

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import Amount, Premise

__all__ = ["lower_stamina"]

DEFAULTS = {"wait_initial": 0.1, "wait_max": 5, "wait_jitter": 1, "wait_exp_base": 2}


def lower_stamina(use: Use) -> Terms:
    """Answer what `retry(on=…)`, `retry_context(…)` or a caller says."""
    errors = _errors(use)
    attempts, premises = _attempts(use)
    timeout = _timeout(use)
    waits = {name: _number(use, name, default) for name, default in DEFAULTS.items()}
    return Terms(
        retry_on=errors.classes, predicate=errors.predicate, schedule=_schedule(waits), max_attempts=attempts,
        stop_after=timeout,
        original=Strategy("stamina", (("attempts", attempts), ("timeout", timeout), *waits.items())),
        premises=(*premises, *above_nothing(timeout), *at_least_nothing(*waits.values())),
        differences=(NOTE, records("stamina"), SWITCHES, *([PREDICATE] if errors.predicate else ())),
    )  # fmt: skip


def _errors(use: Use) -> Errors:
    argument = use.given("on")
    if argument is None:
        raise Refused("ML250", "what it retries is not named where it is made")
    if isinstance(argument.node, ast.Lambda):
        if not is_bool(argument.node.body):
            raise Refused("ML251", "the hook may answer seconds, which replace the delay", argument.node)
        return predicate(argument)
    if _is_function(argument):
        if not says_bool(argument):
            raise Refused("ML251", f"`{argument.text}` may answer seconds, which replace the delay", argument.node)
        return predicate(argument)
    return Errors(classes=classes(argument))


def _is_function(argument: Argument) -> bool:
    if isinstance(argument.node, ast.Tuple):
        return False
    name = argument.text.rpartition(".")[2]
    return not name[:1].isupper() and not _is_builtin_error(name)


def _is_builtin_error(name: str) -> bool:
    import builtins  # noqa: PLC0415 -- its names are data here

    return isinstance(getattr(builtins, name, None), type)


def _attempts(use: Use) -> tuple[Amount | None, tuple[Premise, ...]]:
    argument = use.given("attempts")
    if argument is None:
        return 10, ()
    return (None, ()) if is_none(argument) else counted(argument, "attempts")


def _timeout(use: Use) -> Amount | None:
    argument = use.given("timeout")
    if argument is None:
        return 45
    found = None if is_none(argument) else amount(argument)
    if not isinstance(found, Symbol) and found is not None and found <= 0:
        raise Refused("ML251", "`timeout` is not above 0", argument.node)
    return found


def _number(use: Use, name: str, default: float) -> Amount:
    argument = use.given(name)
    return default if argument is None else amount(argument)


def _schedule(waits: dict[str, Amount]) -> Schedule:
    initial, most, jitter = waits["wait_initial"], waits["wait_max"], waits["wait_jitter"]
    backoff = Exponential(initial, waits["wait_exp_base"])
    if jitter == 0:
        return bounded(backoff, most)
    return at_most(Schedule(backoff=backoff, jitter=Additive(jitter)), most)
