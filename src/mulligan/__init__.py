"""mulligan: retries as values, in sync and async code.

A `Policy` says which outcomes are transient, how long to wait and when to stop; executors apply it:

>>> from mulligan import Policy, execute, exponential
>>> FETCH = Policy(retry_on=(ConnectionError, TimeoutError), schedule=exponential(0.1, cap=10), max_attempts=5)
>>> execute(FETCH, len, "page")
4

Rules: importing this package imports neither asyncio nor logging, nor anything outside the standard library.
"""

from mulligan.clock import Clock, SystemClock
from mulligan.errors import (
    AttemptTimeout,
    ClassifierError,
    ConfigError,
    MulliganError,
    Rejected,
    RetryExhausted,
)
from mulligan.executors import (
    Attempt,
    Execution,
    attempts,
    current_attempt,
    execute,
    execute_async,
    retry,
    try_execute,
    try_execute_async,
)
from mulligan.outcome import Failed, Raised, Reason, Returned, Succeeded
from mulligan.pipeline import Pipeline
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules import (
    Schedule,
    additive_jitter,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    fibonacci,
    from_delays,
    full_jitter,
    linear,
    max_of,
    min_of,
    no_delay,
    proportional_jitter,
)

__all__ = [
    "UNLIMITED",
    "Attempt",
    "AttemptTimeout",
    "ClassifierError",
    "Clock",
    "ConfigError",
    "Execution",
    "Failed",
    "MulliganError",
    "Pipeline",
    "Policy",
    "Raised",
    "Reason",
    "Rejected",
    "RetryExhausted",
    "Returned",
    "Schedule",
    "Succeeded",
    "SystemClock",
    "additive_jitter",
    "attempts",
    "constant",
    "current_attempt",
    "decorrelated",
    "equal_jitter",
    "execute",
    "execute_async",
    "exponential",
    "fibonacci",
    "from_delays",
    "full_jitter",
    "linear",
    "max_of",
    "min_of",
    "no_delay",
    "proportional_jitter",
    "retry",
    "try_execute",
    "try_execute_async",
]

__version__ = "0.1.0"
