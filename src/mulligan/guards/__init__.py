"""Guards: what may refuse an attempt or a retry, in one process and across a fleet.

- `CircuitBreaker` refuses attempts while a dependency fails.
- `Budget` refuses retries once too many are needed.
- `AdaptiveThrottle` refuses a share of the attempts while the other side refuses many.
- `FailureRate` refuses nothing: it observes, and `adaptive` schedules wait longer the more fails.

They hang on a `Pipeline`: breakers and throttles are asked before every attempt, budgets before every retry, each in
the order given.

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
    from mulligan.guards.budget.accountings import deposit, quota, retry_share, token_ratio
    from mulligan.guards.budget.guard import Budget
    from mulligan.guards.budget.states import Accounting
    from mulligan.guards.cells import Store
    from mulligan.guards.protocol import Guard, Watching
    from mulligan.guards.rate.adaptive import adaptive
    from mulligan.guards.rate.guard import FailureRate
    from mulligan.guards.stores.memory import MemoryStore
    from mulligan.guards.stores.redis import RedisStore
    from mulligan.guards.throttle.guard import AdaptiveThrottle
else:
    from mulligan import _later

    __getattr__, __dir__ = _later.served(
        globals(),
        {
            "Accounting": "budget.states",
            "AdaptiveThrottle": "throttle.guard",
            "Budget": "budget.guard",
            "CircuitBreaker": "breaker.guard",
            "FailureRate": "rate.guard",
            "Guard": "protocol",
            "MemoryStore": "stores.memory",
            "RedisStore": "stores.redis",
            "Status": "breaker.states",
            "Store": "cells",
            "Threshold": "breaker.thresholds",
            "Watching": "protocol",
            "adaptive": "rate.adaptive",
            "consecutive": "breaker.thresholds",
            "count_window": "breaker.thresholds",
            "deposit": "budget.accountings",
            "quota": "budget.accountings",
            "retry_share": "budget.accountings",
            "time_window": "breaker.thresholds",
            "token_ratio": "budget.accountings",
        },
    )

__all__ = [
    "Accounting",
    "AdaptiveThrottle",
    "Budget",
    "CircuitBreaker",
    "FailureRate",
    "Guard",
    "MemoryStore",
    "RedisStore",
    "Status",
    "Store",
    "Threshold",
    "Watching",
    "adaptive",
    "consecutive",
    "count_window",
    "deposit",
    "quota",
    "retry_share",
    "time_window",
    "token_ratio",
]
