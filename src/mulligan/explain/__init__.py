"""What a policy does before it does it: delays, wall time, load, and what is doubtful about it.

>>> from mulligan import Policy, exponential, full_jitter
>>> from mulligan.explain import Conditions, explained
>>> policy = Policy(retry_on=OSError, schedule=exponential(1, cap=8).jittered(full_jitter()), max_attempts=4)
>>> found = explained(policy, Conditions(failure_rate=0.5, latency=0.2))
>>> found.worst_case
Figure(value=7.8, exact=True)
>>> found.success, found.expected_attempts
(Figure(value=0.9375, exact=True), Figure(value=1.875, exact=True))

Rules: pure functions of a policy and conditions; nothing sleeps, nothing is called. A figure is exact where a formula
gives it, and otherwise an estimate over the same seeds each time, or a bound that says so.
"""

from __future__ import annotations

from mulligan.explain.assertions import holds
from mulligan.explain.conditions import Conditions, Figure
from mulligan.explain.explanation import Explanation, explained
from mulligan.explain.expression import read_policy
from mulligan.explain.findings import Finding, findings
from mulligan.explain.quantiles import SHARES, RetryRow, retry_rows
from mulligan.explain.rules import RULES, Rule
from mulligan.explain.timing import Reach

__all__ = [
    "RULES",
    "SHARES",
    "Conditions",
    "Explanation",
    "Figure",
    "Finding",
    "Reach",
    "RetryRow",
    "Rule",
    "explained",
    "findings",
    "holds",
    "read_policy",
    "retry_rows",
]
