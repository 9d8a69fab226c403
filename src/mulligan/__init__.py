"""mulligan: retries as values, in sync and async code.

A `Policy` says which outcomes are transient, how long to wait and when to stop; executors apply it:

>>> from mulligan import Policy, execute, exponential
>>> FETCH = Policy(retry_on=(ConnectionError, TimeoutError), schedule=exponential(0.1, cap=10), max_attempts=5)
>>> execute(FETCH, len, "page")
4

Rules: importing this package imports neither asyncio nor logging, nor anything outside the standard library. It tells
pytest PYTEST_DONT_REWRITE, which would else warn where the package was imported before, as by `mulligan run -- pytest`.
"""

from typing import TYPE_CHECKING

from mulligan.clock import Clock, SystemClock
from mulligan.errors import (
    AttemptTimeout,
    ClassifierError,
    ConfigError,
    MulliganError,
    Rejected,
    RetryExhausted,
)
from mulligan.executors.asynchronous import execute_async
from mulligan.executors.decorator import retry
from mulligan.executors.published import Attempt, current_attempt
from mulligan.executors.synchronous import execute
from mulligan.outcome import Failed, Raised, Reason, Returned, Succeeded
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules import (
    Schedule,
    additive_jitter,
    constant,
    equal_jitter,
    exponential,
    fibonacci,
    full_jitter,
    linear,
    no_delay,
    proportional_jitter,
)

if TYPE_CHECKING:
    from mulligan.executors.execution import Execution, attempts, try_execute, try_execute_async
    from mulligan.guards import Guard
    from mulligan.pipeline import Pipeline
    from mulligan.schedules import decorrelated, from_delays, max_of, min_of
else:
    from mulligan import _later

    # what a plain retry never needs is imported when it is first asked for: that is a tenth of the import time
    __getattr__, __dir__ = _later.served(
        globals(),
        {
            "Execution": "executors.execution",
            "attempts": "executors.execution",
            "try_execute": "executors.execution",
            "try_execute_async": "executors.execution",
            "Guard": "guards",
            "Pipeline": "pipeline",
            "decorrelated": "schedules",
            "from_delays": "schedules",
            "max_of": "schedules",
            "min_of": "schedules",
        },
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
    "Guard",
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
