"""The effectful drivers: functions, the decorator, blocks. They call, sleep and await; `decide` decides."""

from mulligan.executors.asynchronous import execute_async
from mulligan.executors.block import Attempts, Block
from mulligan.executors.decorator import retry
from mulligan.executors.execution import Execution, attempts, try_execute, try_execute_async
from mulligan.executors.published import Attempt, current_attempt
from mulligan.executors.stopping import StopToken
from mulligan.executors.synchronous import execute

__all__ = [
    "Attempt",
    "Attempts",
    "Block",
    "Execution",
    "StopToken",
    "attempts",
    "current_attempt",
    "execute",
    "execute_async",
    "retry",
    "try_execute",
    "try_execute_async",
]
