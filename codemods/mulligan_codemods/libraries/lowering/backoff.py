"""backoff: a generator of delays, jittered in full unless something else is said; seconds.

`on_exception` raises in the end; `on_predicate` answers the last value and retries no error. Handlers and loggers of
one's own are kept by a decorator that calls them as backoff does.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import (
    NOTE,
    PREDICATE,
    at_least_nothing,
    at_least_one,
    plain_callable,
    records,
)
from mulligan_codemods.libraries.lowering.delays import bounded, constant
from mulligan_codemods.libraries.lowering.terms import Callbacks, Terms
from mulligan_codemods.libraries.reading.amounts import amount, is_none, known
from mulligan_codemods.libraries.reading.errors import classes, negated, predicate_text
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Additive, Exponential, Fibonacci, FullJitter, Schedule, Strategy, Symbol
from mulligan_codemods.names import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import Amount, ErrorClass, Jitter, Premise, Told

__all__ = ["lower_backoff"]

OWN = frozenset(
    {"wait_gen", "exception", "predicate", "max_tries", "max_time", "jitter", "giveup", "on_success", "on_backoff"}
    | {"on_giveup", "raise_on_giveup", "logger", "backoff_log_level", "giveup_log_level"}
)
GENERATORS = {"expo": ("base", "factor", "max_value"), "fibo": ("max_value",), "constant": ("interval",)}
HANDLERS = ("on_success", "on_backoff", "on_giveup")
LEVELS = ("backoff_log_level", "giveup_log_level")
OVERSHOOT = "the last sleep is not shortened to end at max_time, and time is counted after an attempt and not before it"


def lower_backoff(use: Use) -> Terms:
    """Answer what `on_exception(...)` or `on_predicate(...)` says."""
    argument = use.given("raise_on_giveup")
    if argument is not None and not _is_true(argument):
        raise Refused("ML251", "`raise_on_giveup` answers None in the end", argument.node)
    name, kwargs, premises = _generator(use)
    jitter, drawn = _jitter(use)
    attempts, counted = _attempts(use)
    stop_after = use.amount("max_time")
    judges_values = use.entry.symbol.name == "on_predicate"
    terms = Terms(
        schedule=_schedule(name, kwargs, jitter), max_attempts=attempts, stop_after=stop_after,
        original=Strategy("backoff", (("wait_gen", Strategy(name, tuple(kwargs.items()))), ("jitter", drawn),
                                      ("max_tries", use.amount("max_tries")), ("predicate", judges_values))),
        premises=(*counted, *premises), differences=(NOTE, *_logging(use)),
        departures=() if stop_after is None else (OVERSHOOT,),
    )  # fmt: skip
    return _on_predicate(use, terms) if judges_values else _on_exception(use, terms)


def _is_true(argument: Argument) -> bool:
    return isinstance(argument.node, ast.Constant) and argument.node.value is True


def _on_exception(use: Use, terms: Terms) -> Terms:
    exception = use.given("exception")
    if exception is None:
        raise Refused("ML250", "no exception is named")
    found, giveup = classes(exception), use.given("giveup")
    terms = replace(terms, retry_on=found, callbacks=_callbacks(use, exception))
    if giveup is None:
        return terms
    _refuse_coroutine(giveup)
    seen = isinstance(giveup.node, ast.Lambda)
    return replace(
        terms,
        retry_on=found,
        predicate=_wanted(found, giveup),
        premises=(*terms.premises, *(() if seen else (plain_callable(giveup.text),))),
        differences=(*terms.differences, PREDICATE),
    )


def _wanted(found: Sequence[ErrorClass], giveup: Argument) -> str:
    """Answer the predicate that holds for errors of some classes on which nothing gives up."""
    texts = [each.text for each in found]
    types = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    return negated(giveup, types="" if types == "Exception" else types)


def _refuse_coroutine(argument: Argument) -> None:
    name = (dotted(argument.node) or "").rpartition(".")[2]
    for node in ast.walk(argument.place.tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name:
            raise Refused(
                "ML251", f"`{argument.text}` is a coroutine function, which no predicate can be", argument.node
            )


def _on_predicate(use: Use, terms: Terms) -> Terms:
    for name in (*HANDLERS, *LEVELS):
        argument = use.told(name)
        if argument is not None:
            raise Refused("ML251", f"`{name}` of on_predicate has no counterpart", argument.node)
    logger = use.told("logger")
    if logger is not None and not isinstance(logger.node, ast.Constant):
        raise Refused("ML251", "records to a logger of its own would be lost", logger.node)
    given = use.given("predicate")
    text = "lambda value: not value" if given is None else predicate_text(given)
    return replace(
        terms, retry_on=(), retry_if=text, on_exhausted="return", differences=(*terms.differences, PREDICATE)
    )


def _attempts(use: Use) -> tuple[Amount | None, tuple[Premise, ...]]:
    argument = use.told("max_tries")
    if argument is None:
        return None, ()
    found = amount(argument)
    number = known(argument, found)
    if isinstance(found, Symbol):
        if number is not None and (number < 1 or number % 1):
            raise Refused("ML251", f"`max_tries` is {number:g} and never stops", argument.node)
        return found, () if number is not None else at_least_one(found)
    return (None if found < 1 or found % 1 else int(found)), ()


def _generator(use: Use) -> tuple[str, dict[str, Told], tuple[Premise, ...]]:
    """Answer which generator of delays it is, what it was told, and what is taken for granted."""
    argument = use.given("wait_gen")
    path = None if argument is None else argument.place.resolve(argument.node)
    name = (path or "").rpartition(".")[2]
    if argument is None or path is None or not path.startswith("backoff") or name not in GENERATORS:
        raise Refused("ML252", "its generator of delays has no schedule", None if argument is None else argument.node)
    told: dict[str, Told] = {}
    for parameter, given in use.arguments.items():
        if parameter in OWN:
            continue
        if parameter not in GENERATORS[name]:
            raise Refused("ML251", f"backoff.{name} does not know `{parameter}`: the first call fails", given.node)
        if not is_none(given):
            told[parameter] = amount(given)
    amounts = [each for each in told.values() if isinstance(each, Symbol)]
    return name, told, at_least_nothing(*amounts)


def _schedule(name: str, told: dict[str, Told], jitter: Jitter | None) -> Schedule:
    def number(parameter: str, default: int) -> Amount:
        found = told.get(parameter, default)
        return found if isinstance(found, int | float | Symbol) else default

    cap = number("max_value", 0) if "max_value" in told else None
    match name:
        case "expo":
            found = bounded(Exponential(number("factor", 1), number("base", 2)), cap)
        case "fibo":
            found = Schedule(backoff=Fibonacci(1), cap=cap, loose=isinstance(cap, Symbol) or (cap or 1) < 1)
        case _:
            found = constant(number("interval", 1))
    return replace(found, jitter=jitter)


def _jitter(use: Use) -> tuple[Jitter | None, Told]:
    """Answer the jitter, and what the library was told."""
    argument = use.given("jitter")
    if argument is None:
        return FullJitter(), Strategy("full_jitter")
    if is_none(argument):
        return None, None
    match argument.place.resolve(argument.node):
        case "backoff.full_jitter" | "backoff._jitter.full_jitter":
            return FullJitter(), Strategy("full_jitter")
        case "backoff.random_jitter" | "backoff._jitter.random_jitter":
            return Additive(1), Strategy("random_jitter")
        case _:
            raise Refused("ML252", f"what jitter `{argument.text}` is can't be told", argument.node)


def _logging(use: Use) -> tuple[str, ...]:
    """Answer what becomes of the library's records."""
    logger = use.given("logger")
    if logger is None:
        return (records("backoff"),)
    if isinstance(logger.node, ast.Constant) and isinstance(logger.node.value, str) and not _is_kept(use):
        return (records(logger.node.value),)
    return ()


def _is_kept(use: Use) -> bool:
    """Tell whether handlers, or a logger of the code's own, are called as before."""
    logger = use.given("logger")
    own = logger is not None and not isinstance(logger.node, ast.Constant)
    return own or any(use.told(name) is not None for name in HANDLERS)


def _callbacks(use: Use, exception: Argument) -> Callbacks | None:
    if not _is_kept(use):
        return None
    arguments = [] if exception.text == "Exception" else [f"exception={exception.flat}"]
    for name in (*HANDLERS, "logger", *LEVELS):
        argument = use.told(name)
        if argument is not None:
            arguments.append(f"{name}={argument.flat}")
    return Callbacks(maker="retry_telling", arguments=tuple(arguments))
