"""What is doubtful about a policy: MP1xx.

Rules: one function a code, each from the policy and its timing to a sentence or nothing; the sentence has the numbers,
the table of rules what it means. `CHECKS` is the one list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.explain.quantiles import as_base
from mulligan.explain.rules import title

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Never

    from mulligan.explain.timing import Timing
    from mulligan.policy import Policy
    from mulligan.schedules import Bounds

__all__ = ["Finding", "findings"]

LONG_DELAY: Final = 60.0
MANY_ATTEMPTS: Final = 5
FAR: Final = 200
"""A retry at which what grows without a bound has grown."""
GROWN: Final = 1e6


class Finding(Value):
    """Something doubtful.

    Args:
        code: of the table of rules.
        message: what it is, with its numbers.
    """

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code} {title(self.code)}: {self.message}"


def findings(policy: Policy[Never], timing: Timing, *, budgeted: bool = False) -> tuple[Finding, ...]:
    """Answer what is doubtful about a policy, by code.

    Args:
        policy: the policy.
        timing: when its attempts can begin.
        budgeted: whether a retry budget bounds the load.

    >>> from mulligan import Policy, constant
    >>> from mulligan.explain.conditions import Conditions
    >>> from mulligan.explain.timing import timing
    >>> policy = Policy(retry_on=OSError, schedule=constant(1), timeout=10)
    >>> [str(each) for each in findings(policy, timing(policy, Conditions()))]
    ['MP101 The delays have no jitter: constant(1) gives every client the same delays']
    """
    if policy.attempt_limit == 1:
        return ()
    told = ((code, check(policy, timing)) for code, check in CHECKS if not (budgeted and code == "MP108"))
    return tuple(Finding(code=code, message=message) for code, message in told if message)


def _no_jitter(policy: Policy[Never], _timing: Timing) -> str | None:
    bounds = _bounds(policy)
    if bounds and all(bound.fixed for bound in bounds) and any(bound.greatest for bound in bounds):
        return f"{policy.schedule!r} gives every client the same delays"
    return None


def _no_cap(policy: Policy[Never], _timing: Timing) -> str | None:
    far = as_base(policy.schedule).bounds(FAR)
    longest = max((bound.greatest for bound in _bounds(policy)), default=0.0)
    if len(far) == FAR and GROWN < far[-1].greatest < float("inf") and longest > LONG_DELAY:
        return f"a delay of {longest:,.0f} s is possible"
    return None


def _no_time_limit(policy: Policy[Never], timing: Timing) -> str | None:
    if policy.timeout is None and policy.stop_after is None and timing.most < float("inf"):
        return "neither timeout nor stop_after is given"
    return None


def _never_ends(_policy: Policy[Never], timing: Timing) -> str | None:
    return "nothing ends it while the fault lasts" if timing.worst_case.value == timing.most == float("inf") else None


def _catches_everything(policy: Policy[Never], _timing: Timing) -> str | None:
    wide = [each.__name__ for each in policy.retry_types if each in {Exception, BaseException}]
    return f"retry_on names {wide[0]}" if wide else None


def _attempts_never_made(policy: Policy[Never], timing: Timing) -> str | None:
    if timing.timeout == "always" and policy.attempt_limit < float("inf"):
        return f"{timing.most:.0f} of {policy.attempt_limit:.0f} attempts can be made"
    return None


def _no_retry(policy: Policy[Never], _timing: Timing) -> str | None:
    first = _bounds(policy)[:1]
    if first and policy.timeout is not None and first[0].greatest >= policy.timeout:
        return f"the first delay can be {first[0].greatest:g} s, and the timeout is {policy.timeout:g} s"
    return None


def _amplification(policy: Policy[Never], timing: Timing) -> str | None:
    if MANY_ATTEMPTS < timing.most < float("inf") and policy.attempt_limit > MANY_ATTEMPTS:
        return f"up to {timing.most:.0f} attempts for each call, {timing.most**2:.0f} where two layers retry"
    return None


def _long_attempts(policy: Policy[Never], _timing: Timing) -> str | None:
    if policy.timeout is not None and policy.attempt_timeout is not None and policy.attempt_timeout >= policy.timeout:
        return f"{policy.attempt_timeout:g} s for an attempt, {policy.timeout:g} s for the whole"
    return None


def _no_pause(policy: Policy[Never], _timing: Timing) -> str | None:
    bounds = _bounds(policy)
    if len(bounds) > 1 and all(bound.greatest == 0.0 for bound in bounds):
        return f"{policy.attempt_limit:.0f} attempts follow each other at once"
    return None


def _schedule_ends(policy: Policy[Never], _timing: Timing) -> str | None:
    length = as_base(policy.schedule).length
    if length is not None and length + 1 < policy.attempt_limit < float("inf"):
        limit = policy.attempt_limit
        return f"the schedule has {length:.0f} delays, {limit:.0f} attempts need {limit - 1:.0f}"
    return None


def _bounds(policy: Policy[Never]) -> tuple[Bounds, ...]:
    return as_base(policy.schedule).bounds(int(min(FAR, policy.attempt_limit - 1)))


CHECKS: Final[tuple[tuple[str, Callable[[Policy[Never], Timing], str | None]], ...]] = (
    ("MP101", _no_jitter),
    ("MP102", _no_cap),
    ("MP103", _no_time_limit),
    ("MP104", _never_ends),
    ("MP105", _catches_everything),
    ("MP106", _attempts_never_made),
    ("MP107", _no_retry),
    ("MP108", _amplification),
    ("MP109", _long_attempts),
    ("MP110", _no_pause),
    ("MP111", _schedule_ends),
)
"""Each code of a policy and what finds it."""
