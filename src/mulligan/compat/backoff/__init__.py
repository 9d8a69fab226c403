"""backoff's interface on mulligan's engine: seconds.

Rules: names, signatures, defaults, details and log records are those of backoff 2.2.1, modules' names included. A
decorator that is put on several functions logs each event once; backoff logs it once more for each function.
"""

from mulligan.compat.backoff._decorator import on_exception, on_predicate
from mulligan.compat.backoff._jitter import full_jitter, random_jitter
from mulligan.compat.backoff._wait_gen import constant, expo, fibo, runtime

__all__ = ["constant", "expo", "fibo", "full_jitter", "on_exception", "on_predicate", "random_jitter", "runtime"]

__version__ = "2.2.1"
