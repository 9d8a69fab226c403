"""What is to be expected of an execution at a failure rate: attempts, success, wall time, and load.

With attempts that fail independently at rate f, of which n can be made: success is `1 - f^n`, the attempts are
`(1 - f^n) / (1 - f)`, and the time is `Σ f^k latency + Σ f^k delay_k`.

Rules: these are exact where n doesn't depend on the draws and the means of the delays are exact. Elsewhere the sums are
taken for each seed of a sample, and averaged. What decides how many attempts a seed makes is `next_delay`, the same
function that executors ask.
"""

from __future__ import annotations

from math import inf, log
from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.decision import next_delay
from mulligan.explain.conditions import Figure
from mulligan.explain.quantiles import as_base, seeds
from mulligan.explain.timing import MOST_RETRIES, attempt_seconds, timing
from mulligan.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Never

    from mulligan.explain.conditions import Conditions
    from mulligan.policy import Policy

__all__ = ["Outlook", "outlook"]

_NEGLIGIBLE = 1e-12


class Outlook(Value):
    """What is to be expected of one execution.

    Args:
        success: the share of executions that succeed.
        expected_attempts: how many attempts an execution makes.
        expected_time: seconds that an execution takes.
        timeout_share: the share of executions without any success that a limit in seconds ends.
    """

    success: Figure
    expected_attempts: Figure
    expected_time: Figure
    timeout_share: Figure


def outlook(policy: Policy[Never], conditions: Conditions) -> Outlook:
    """Answer what is to be expected.

    Args:
        policy: the policy.
        conditions: failure rate and latency.

    >>> from mulligan import Policy, constant
    >>> from mulligan.explain.conditions import Conditions
    >>> found = outlook(Policy(retry_on=OSError, schedule=constant(2)), Conditions(failure_rate=0.5, latency=1))
    >>> found.expected_time
    Figure(value=3.25, exact=True)
    """
    found = timing(policy, conditions)
    if found.fewest != found.most or found.timeout == "possible":
        return _sampled(policy, conditions)
    return _summed(policy, conditions, found.most, found.timeout == "always")


def _summed(policy: Policy[Never], conditions: Conditions, attempts: float, timed_out: bool) -> Outlook:
    """Answer the sums for a number of attempts that no draw changes."""
    rate, seconds = conditions.failure_rate, attempt_seconds(policy, conditions)
    share = Figure(float(timed_out), exact=True)
    if attempts == inf and rate == 1.0:
        none, endless = Figure(0.0, exact=True), Figure(inf, exact=True)
        return Outlook(success=none, expected_attempts=endless, expected_time=endless, timeout_share=share)
    counted = int(min(attempts, _horizon(rate)))
    means = as_base(policy.schedule).mean(counted - 1)
    weights = _weights(rate, counted)
    delays = sum(weight * mean.value for weight, mean in zip(weights[1:], means, strict=True))
    exact = all(mean.exact for mean in means)
    return Outlook(
        success=Figure(1.0 - rate**attempts, exact=True),
        expected_attempts=Figure(sum(weights), exact=True),
        expected_time=Figure(sum(weights) * seconds + delays, exact=exact),
        timeout_share=share,
    )


def _weights(rate: float, attempts: int) -> list[float]:
    """Answer the chance that each attempt is made."""
    return [rate**before for before in range(attempts)]


def _horizon(rate: float) -> int:
    """Answer after how many attempts the rest has no weight."""
    if rate in {0.0, 1.0}:
        return 1 if rate == 0.0 else MOST_RETRIES + 1
    return min(MOST_RETRIES + 1, 2 + int(log(_NEGLIGIBLE) / log(rate)))


def _sampled(policy: Policy[Never], conditions: Conditions) -> Outlook:
    """Answer the means of the sums over a sample of seeds."""
    rate, seconds = conditions.failure_rate, attempt_seconds(policy, conditions)
    most = int(min(policy.attempt_limit, MOST_RETRIES))
    paths = [_path(policy, seed, seconds) for seed in seeds(min(most, 50))]
    successes, attempts, times = zip(*(_sums(delays, rate, seconds) for delays, _ in paths), strict=True)
    return Outlook(
        success=_average(successes),
        expected_attempts=_average(attempts),
        expected_time=_average(times),
        timeout_share=_average([float(timed_out) for _, timed_out in paths]),
    )


def _path(policy: Policy[Never], seed: int, seconds: float) -> tuple[list[float], bool]:
    """Answer the delays of an execution that never succeeds, and whether a limit in seconds ended it."""
    delays: list[float] = []
    for step in _steps(policy, seed, seconds):
        if isinstance(step, Reason):
            return delays, step in {Reason.TIMEOUT, Reason.STOP_AFTER}
        delays.append(step)
    return delays, False


def _steps(policy: Policy[Never], seed: int, seconds: float) -> Iterator[float | Reason]:
    now, previous = 0.0, None
    for attempt in range(1, MOST_RETRIES):
        now += seconds
        step = next_delay(policy, attempt, seed, previous, now)
        yield step
        if isinstance(step, Reason):
            return
        now, previous = now + step, step


def _sums(delays: Sequence[float], rate: float, seconds: float) -> tuple[float, float, float]:
    weights = _weights(rate, len(delays) + 1)
    waited = sum(weight * delay for weight, delay in zip(weights[1:], delays, strict=True))
    return 1.0 - rate ** (len(delays) + 1), sum(weights), sum(weights) * seconds + waited


def _average(values: Sequence[float]) -> Figure:
    return Figure(sum(values) / len(values), exact=False)
