"""retry and retry2: `tries`, `delay`, `backoff`, `jitter`, `max_delay`; seconds.

The delay grows after each sleep: `d = min(d * backoff + jitter, max_delay)`. So the first one is not capped, and jitter
adds up; both have a schedule only where that makes no difference, or where the delay is a straight line.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import NOTE, at_least_nothing, at_least_one, records
from mulligan_codemods.libraries.lowering.terms import Callbacks, Terms
from mulligan_codemods.libraries.reading.amounts import amount, is_none, known
from mulligan_codemods.libraries.reading.errors import EXCEPTION, classes
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Constant, Exponential, Linear, NoDelay, Schedule, Strategy, Symbol

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import Amount, Backoff, Premise

__all__ = ["lower_retry"]


def lower_retry(use: Use) -> Terms:
    """Answer what `retry(...)` or `retry_call(...)` says."""
    for name in ("log_traceback", "on_exception"):
        argument = use.given(name)
        if argument is not None and not _is_off(argument):
            raise Refused("ML251", f"`{name}` of retry2 has no counterpart", argument.node)
    tries, attempts, counted = _attempts(use)
    schedule, told, premises = _schedule(use)
    callbacks, lost = _logging(use)
    exceptions = use.given("exceptions")
    if exceptions is not None and isinstance(exceptions.node, ast.List):
        raise Refused("ML219", "a list of exceptions raises TypeError when an error comes", exceptions.node)
    return Terms(
        retry_on=(EXCEPTION,) if exceptions is None else classes(exceptions),
        schedule=schedule,
        max_attempts=attempts,
        callbacks=callbacks,
        original=Strategy("retry", (("tries", tries), *told)),
        premises=(*counted, *premises),
        differences=(NOTE, *lost),
    )


def _is_off(argument: Argument) -> bool:
    return isinstance(argument.node, ast.Constant) and not argument.node.value


def _attempts(use: Use) -> tuple[Amount, Amount | None, tuple[Premise, ...]]:
    """Answer `tries`, the attempts that it stands for, and what is taken for granted."""
    argument = use.given("tries")
    if argument is None:
        return -1, None, ()
    tries = amount(argument)
    number = known(argument, tries)
    if number == 0:
        raise Refused("ML251", "tries=0 answers None without a call", argument.node)
    if isinstance(tries, Symbol):
        if number is not None and (number < 0 or number % 1):
            raise Refused("ML251", f"tries={tries.text} never stops", argument.node)
        return tries, tries, () if number is not None else at_least_one(tries)
    endless = tries < 0 or tries % 1 != 0
    return tries, None if endless else int(tries), ()


def _schedule(use: Use) -> tuple[Schedule, tuple[tuple[str, Amount | None], ...], tuple[Premise, ...]]:
    """Answer the delays, what the library was told of them, and what is taken for granted."""
    delay, backoff, jitter = (_number(use, name, default) for name, default in DEFAULTS)
    cap = use.amount("max_delay")
    told = (("delay", delay), ("max_delay", cap), ("backoff", backoff), ("jitter", jitter))
    _check(use, delay, backoff, jitter, cap)
    grown = _backoff(use, delay, backoff, jitter)
    bounded = cap if not isinstance(grown, NoDelay | Constant) else None
    return Schedule(backoff=grown, cap=bounded), told, at_least_nothing(delay, cap)


DEFAULTS = (("delay", 0), ("backoff", 1), ("jitter", 0))


def _number(use: Use, name: str, default: int) -> Amount:
    argument = use.given(name)
    if argument is None:
        return default
    if isinstance(argument.node, ast.Tuple):
        raise Refused("ML252", "random jitter is added to the delay that the next one grows from", argument.node)
    return amount(argument)


def _check(use: Use, delay: Amount, backoff: Amount, jitter: Amount, cap: Amount | None) -> None:
    """Refuse delays that no schedule gives."""
    for name, value in (("delay", delay), ("backoff", backoff), ("jitter", jitter)):
        argument = use.given(name)
        if not isinstance(value, Symbol) and value < 0:
            raise Refused("ML252", f"`{name}` is negative", None if argument is None else argument.node)
    if cap is None:
        return
    if isinstance(delay, Symbol) or isinstance(cap, Symbol) or delay > cap:
        argument = use.given("max_delay")
        raise Refused(
            "ML252", "the first delay is not capped by max_delay", None if argument is None else argument.node
        )


def _backoff(use: Use, delay: Amount, backoff: Amount, jitter: Amount) -> Backoff:
    if backoff == 1 and jitter == 0:
        return NoDelay() if delay == 0 else Constant(delay)
    if backoff == 1:
        return Linear(delay, jitter)
    if jitter == 0 and delay == 0:
        return NoDelay()
    if jitter == 0 and backoff != 0:
        return Exponential(delay, backoff)
    argument = use.given("jitter") or use.given("backoff")
    message = "backoff and jitter together give delays that no schedule has"
    raise Refused("ML252", message, None if argument is None else argument.node)


def _logging(use: Use) -> tuple[Callbacks | None, tuple[str, ...]]:
    """Answer what becomes of the library's records: those to a logger of the code's own are kept."""
    logger = use.given("logger")
    if logger is None:
        return None, (records("retry.api"),)
    if is_none(logger):
        return None, ()
    return Callbacks(maker="retry_logging", arguments=(logger.flat,)), ()
