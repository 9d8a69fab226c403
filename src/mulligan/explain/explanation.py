"""Everything that `mulligan explain` says about a policy, as one value."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.explain.conditions import Conditions, Figure
from mulligan.explain.findings import findings
from mulligan.explain.outlook import outlook
from mulligan.explain.quantiles import retry_rows
from mulligan.explain.timing import timing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Never

    from mulligan.explain.findings import Finding
    from mulligan.explain.quantiles import RetryRow
    from mulligan.explain.timing import Begin, Reach
    from mulligan.policy import Policy

__all__ = ["Explanation", "explained"]


class Explanation(Value):
    """What a policy does under conditions; times are in seconds.

    Args:
        policy: the policy.
        conditions: failure rate, latency and layers.
        rows: the delays of the first retries.
        begins: when those attempts can begin that can be made.
        most: attempts that can be made when all fail; infinity where nothing ends them.
        fewest: attempts that are made whatever the draws when all fail.
        worst_case: from the start to the end of the last attempt when all fail.
        expected_time: how long an execution takes.
        expected_attempts: how many attempts it makes; that is how much the load grows in each layer.
        success: the share of executions that succeed.
        timeout: whether a limit in seconds can end an execution before its attempts are used up.
        timeout_share: the share of those that never succeed which it ends.
        amplification: the load on the last layer for each call of the first, at the failure rate.
        outage_amplification: the same when every attempt fails.
        findings: what is doubtful.
    """

    policy: Policy[Never]
    conditions: Conditions
    rows: tuple[RetryRow, ...]
    begins: tuple[Begin, ...]
    most: float
    fewest: float
    worst_case: Figure
    expected_time: Figure
    expected_attempts: Figure
    success: Figure
    timeout: Reach
    timeout_share: Figure
    amplification: Figure
    outage_amplification: Figure
    findings: tuple[Finding, ...]

    @property
    def figures(self) -> Mapping[str, float]:
        """Answer the figures by the names that assertions know."""
        return {
            "max_attempts": self.policy.attempt_limit,
            "most_attempts": self.most,
            "fewest_attempts": self.fewest,
            "expected_attempts": self.expected_attempts.value,
            "worst_case": self.worst_case.value,
            "expected_time": self.expected_time.value,
            "success": self.success.value,
            "timeout_share": self.timeout_share.value,
            "amplification": self.amplification.value,
            "outage_amplification": self.outage_amplification.value,
            "longest_delay": max((row.greatest for row in self.rows), default=0.0),
            "findings": float(len(self.findings)),
        }


def explained(
    policy: Policy[Never], conditions: Conditions | None = None, *, budgeted: bool = False, count: int = 10
) -> Explanation:
    """Explain a policy.

    Args:
        policy: the policy.
        conditions: failure rate, latency and layers; a tenth, 0.1 seconds and 1 when left out.
        budgeted: whether a retry budget bounds the load.
        count: how many retries to show the delays of.

    >>> from mulligan import Policy
    >>> explained(Policy(retry_on=OSError, max_attempts=4), Conditions(failure_rate=1, layers=3)).amplification
    Figure(value=64.0, exact=True)
    """
    conditions = conditions or Conditions()
    found, expected = timing(policy, conditions), outlook(policy, conditions)
    outage = outlook(policy, conditions.replace(failure_rate=1.0)).expected_attempts
    return Explanation(
        policy=policy,
        conditions=conditions,
        rows=retry_rows(policy, count),
        begins=found.begins,
        most=found.most,
        fewest=found.fewest,
        worst_case=found.worst_case,
        expected_time=expected.expected_time,
        expected_attempts=expected.expected_attempts,
        success=expected.success,
        timeout=found.timeout,
        timeout_share=expected.timeout_share,
        amplification=_through(expected.expected_attempts, conditions.layers),
        outage_amplification=_through(outage, conditions.layers),
        findings=findings(policy, found, budgeted=budgeted),
    )


def _through(attempts: Figure, layers: int) -> Figure:
    """Answer k attempts in each of L layers as k^L."""
    try:
        return Figure(attempts.value**layers, exact=attempts.exact)
    except OverflowError:
        return Figure(inf, exact=attempts.exact)
