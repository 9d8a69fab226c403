"""Guards: what may refuse an attempt or a retry, in one process and across a fleet.

- `CircuitBreaker` refuses attempts while a dependency fails.
- `Budget` refuses retries once too many are needed.

They hang on a `Pipeline`, in any order: a breaker is asked before every attempt, a budget before
every retry.

>>> from mulligan import Pipeline, Policy, execute
>>> from mulligan.guards import Budget, CircuitBreaker, consecutive, quota
>>> FETCH = Policy(name="billing.fetch", retry_on=ConnectionError)
>>> guarded = Pipeline(FETCH, guards=[CircuitBreaker("billing", consecutive(5)), Budget("billing", quota())])
>>> execute(guarded, max, 1, 2)
2

Rules: every strategy has the same shape: its transitions are pure functions `(state, event, now) → (state, answer)` in
one file, `transitions.py`; its state sits in a store; the guard is in `guard.py`. Nothing is imported before it is
asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan.guards.breaker.guard import CircuitBreaker
    from mulligan.guards.breaker.states import Status
    from mulligan.guards.breaker.thresholds import Threshold, consecutive, count_window, time_window
    from mulligan.guards.budget.guard import Budget
    from mulligan.guards.budget.transitions import Accounting, deposit, quota, token_ratio
    from mulligan.guards.cells import Store
    from mulligan.guards.protocol import Guard, Watching
    from mulligan.guards.stores.memory import MemoryStore

__all__ = [
    "Accounting",
    "Budget",
    "CircuitBreaker",
    "Guard",
    "MemoryStore",
    "Status",
    "Store",
    "Threshold",
    "Watching",
    "consecutive",
    "count_window",
    "deposit",
    "quota",
    "time_window",
    "token_ratio",
]

_LATER = {
    "Accounting": "budget.transitions",
    "Budget": "budget.guard",
    "CircuitBreaker": "breaker.guard",
    "Guard": "protocol",
    "MemoryStore": "stores.memory",
    "Status": "breaker.states",
    "Store": "cells",
    "Threshold": "breaker.thresholds",
    "Watching": "protocol",
    "consecutive": "breaker.thresholds",
    "count_window": "breaker.thresholds",
    "deposit": "budget.transitions",
    "quota": "budget.transitions",
    "time_window": "breaker.thresholds",
    "token_ratio": "budget.transitions",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only who comes here needs it

    value: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
