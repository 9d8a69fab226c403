"""Classifiers to compose: conditions on outcomes that read as sentences, combined by `|`, `&` and `~`.

>>> from mulligan import Policy
>>> from mulligan.classifiers import error, message, status
>>> transient = error(ConnectionError, TimeoutError) | status(429, 503) | message("deadlock detected")
>>> Policy(classify=transient & ~error(ConnectionRefusedError)).name
''

A condition is a classifier: where it holds the outcome is transient; otherwise a value is accepted and an error fails.
`.hinted(seconds)` adds a hint, `.otherwise(classifier)` asks another classifier where the condition does not hold.
`hopeless(condition, classifier)` fails where the condition holds.

Rules: conditions are frozen values, comparable, hashable where their parts are; their `repr` evaluates back.
"""

from mulligan.classifiers.condition import Condition, hopeless
from mulligan.classifiers.inside import any_member, cause, every_member
from mulligan.classifiers.on_errors import error, error_number, error_where, message
from mulligan.classifiers.on_values import status, value, value_where

__all__ = [
    "Condition",
    "any_member",
    "cause",
    "error",
    "error_number",
    "error_where",
    "every_member",
    "hopeless",
    "message",
    "status",
    "value",
    "value_where",
]
