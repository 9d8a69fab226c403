"""A team's own helper: by what its mapping says of its parameters, as `mulligan.compat.helper(...)` does.

A parameter that a call leaves out counts with its default. Delays grow by the factor, are capped, and then jittered by
what is added.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import HELPER, NOTE, at_least_nothing, at_least_one, mapped
from mulligan_codemods.libraries.lowering.terms import Terms
from mulligan_codemods.libraries.reading.amounts import amount, is_none, known, product, seconds
from mulligan_codemods.libraries.reading.arguments import Argument
from mulligan_codemods.libraries.reading.errors import EXCEPTION, classes_of, predicate
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Additive, Constant, Exponential, NoDelay, Origin, Schedule, Strategy, Symbol

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.lowered import Amount, Backoff, ErrorClass, Jitter, Premise

__all__ = ["lower_helper"]


def lower_helper(use: Use) -> Terms:
    """Answer what a call of a mapped helper says."""
    errors = _given(use, "retry_on")
    asked = predicate(errors).predicate if errors is not None and isinstance(errors.node, ast.Lambda) else None
    attempts, told, counted = _attempts(use)
    schedule, lengths, premises = _schedule(use)
    return Terms(
        retry_on=(EXCEPTION,) if errors is None or asked is not None else _classes(errors),
        predicate=asked,
        schedule=schedule,
        max_attempts=attempts,
        original=Strategy("helper", (*told, *lengths, ("milliseconds", use.entry.library.unit == "ms"))),
        premises=(mapped(use.entry.library), *counted, *premises),
        differences=(NOTE, HELPER),
    )


def _given(use: Use, field: str) -> Argument | None:
    """Answer the argument that a field stands for, or its default; `None` where the helper has none for it."""
    parameter = next((each for each in use.entry.symbol.parameters if each.field == field), None)
    if parameter is None:
        return None
    found = use.given(parameter.name)
    if found is not None:
        return found
    if parameter.default is None:
        raise Refused("ML250", f"{parameter.name} is not given")
    node = ast.parse(parameter.default, mode="eval").body
    if any(isinstance(each, ast.Name) and not _is_builtin(use, each) for each in ast.walk(node)):
        raise Refused("ML255", f"the default of {parameter.name}, {parameter.default}, is the helper's own")
    return Argument(node=node, place=replace(use.place, text=parameter.default), text=parameter.default)


def _is_builtin(use: Use, name: ast.Name) -> bool:
    """Tell whether a name means a builtin, to the helper and where it is used."""
    return use.place.names.binding(name.id) is None and use.place.resolve(name) is not None


def _classes(argument: Argument) -> tuple[ErrorClass, ...]:
    node = argument.node
    if isinstance(node, ast.List | ast.Set):
        node = ast.Tuple(elts=node.elts, ctx=ast.Load())
    found = classes_of(argument.place, node)
    if any(each.origin is Origin.LOCAL and each.text.startswith("*") for each in found):
        raise Refused("ML255", f"`{argument.text}` holds a sequence", argument.node)
    return found


Told = tuple[tuple[str, "Amount | None"], ...]


def _attempts(use: Use) -> tuple[Amount | None, Told, tuple[Premise, ...]]:
    field = next(each.field for each in use.entry.symbol.parameters if each.field in {"max_attempts", "max_retries"})
    argument = _given(use, field)
    if argument is None or is_none(argument):
        return None, ((field, None),), ()
    found, more = amount(argument), 1 if field == "max_retries" else 0
    number = known(argument, found)
    if number is not None and number % 1:
        raise Refused("ML251", f"{number} is no number of attempts", argument.node)
    if isinstance(found, Symbol):
        limit = Symbol(f"{found.text} + 1", found.names) if more else found
        return limit, ((field, found),), at_least_one(found)
    if found < 0:
        return None, ((field, found),), ()
    if found + more < 1:
        raise Refused("ML251", "no attempt is made", argument.node)
    return int(found) + more, ((field, found),), ()


def _schedule(use: Use) -> tuple[Schedule, Told, tuple[Premise, ...]]:
    base, cap, jitter = (_seconds(use, field) for field in ("base", "cap", "jitter"))
    factor = _factor(use)
    told = tuple((field, _raw(use, field)) for field in ("base", "cap", "jitter"))
    grown = _backoff(base, factor)
    bounded = cap if not isinstance(grown, NoDelay) else None
    added: Jitter | None = Additive(jitter) if jitter is not None and jitter != 0 else None
    schedule = Schedule(backoff=grown, cap=bounded, jitter=added)
    return schedule, (*told, ("factor", factor)), at_least_nothing(base, cap, jitter)


def _backoff(base: Amount | None, factor: Amount | None) -> Backoff:
    if base is None or base == 0:
        return NoDelay()
    return Constant(base) if factor is None or factor == 1 else Exponential(base, factor)


def _factor(use: Use) -> Amount | None:
    argument = _given(use, "factor")
    found = None if argument is None or is_none(argument) else amount(argument)
    if isinstance(found, int | float) and found <= 0:
        raise Refused("ML252", f"the delay grows by the factor {found}")
    return found


def _raw(use: Use, field: str) -> Amount | None:
    argument = _given(use, field)
    return None if argument is None or is_none(argument) else amount(argument)


def _seconds(use: Use, field: str) -> Amount | None:
    argument = _given(use, field)
    if argument is None or is_none(argument):
        return None
    found = seconds(argument, milliseconds=use.entry.library.unit == "ms")
    if not isinstance(found, Symbol) and found < 0:
        raise Refused("ML252", f"`{argument.text}` is negative", argument.node)
    return product(found, 1)
