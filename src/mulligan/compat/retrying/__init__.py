"""retrying's interface on mulligan's engine: milliseconds.

Rules: names, signatures, defaults and the order of calls are those of retrying 1.4.2. Two of its bugs stay behind: an
exponential delay never overflows, it is the cap, and nothing keeps the last attempt's frame alive.
"""

from mulligan.compat.retrying._attempts import Attempt, RetryError
from mulligan.compat.retrying._decorator import retry
from mulligan.compat.retrying._retrying import MAX_WAIT, Retrying

__all__ = ["MAX_WAIT", "Attempt", "RetryError", "Retrying", "retry"]
