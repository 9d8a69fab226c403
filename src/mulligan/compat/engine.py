"""One execution at a legacy site, decided by mulligan's engine.

A shim translates: its interface's judgement of an outcome becomes a verdict, its limits a policy, its delays a
schedule. `weigh` makes the decision, as it does for every executor; the shim keeps the interface's order of calls.

Rules:
- Delays keep the interface's unit and type (`1` stays `1`, because it is logged); the engine sees the same in seconds.
- A delay is asked for only where the limits allow another attempt, so that no draw is made that the original wouldn't.
- Operators' `MULLIGAN_DISABLED` counts here as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from mulligan.classify import TRANSIENT
from mulligan.decision import Retry, State, Stop, weigh
from mulligan.executors import switch
from mulligan.outcome import Reason
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules.arguments import LONGEST

if TYPE_CHECKING:
    from mulligan.classify import Verdict
    from mulligan.compat.narration import Narration
    from mulligan.decision import Decision
    from mulligan.outcome import Outcome
    from mulligan.policy import Unlimited

__all__ = ["Pace", "Steps", "at_least", "exactly", "seconds_limit"]

_FIRST: Final = State()


class Pace(Protocol):
    """The delays of one execution."""

    def __call__(self, attempt: int, /) -> float | None:
        """Answer the delay after an attempt, in the interface's unit; `None` where the delays have ended."""
        ...


class Steps:
    """Where one execution stands, and what comes next.

    Args:
        pace: the delays.
        max_attempts: how many attempts are made at most.
        stop_after: seconds after which a failure is final; `None` where there is no such limit.
        per_second: how many of the pace's units make a second.
        narration: tells of decisions, where somebody listens.

    >>> from mulligan import Raised
    >>> steps, failure = Steps(lambda attempt: 250 * attempt, max_attempts=3, per_second=1000), Raised(OSError())
    >>> [steps.after(failure, now) for now in (0.0, 0.3, 0.9)]
    [250, 500, <Reason.ATTEMPTS: 'max_attempts'>]
    """

    __slots__ = ("_exact", "_narration", "_pace", "_per_second", "policy", "state")

    def __init__(
        self,
        pace: Pace,
        *,
        max_attempts: int | Unlimited = UNLIMITED,
        stop_after: float | None = None,
        per_second: float = 1,
        narration: Narration | None = None,
    ) -> None:
        self._pace = pace
        self._exact: float = 0
        self._per_second = per_second
        self._narration = narration
        over = stop_after is not None and stop_after <= 0
        self.policy: Policy[object] = Policy(
            classify=_judged,
            schedule=self,
            max_attempts=1 if over else max_attempts,
            stop_after=None if over else stop_after,
        )
        self.state: State = _FIRST

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the delay in seconds, as the engine's schedule."""
        exact = self._pace(retry)
        if exact is None:
            return None
        self._exact = exact
        return min(max(exact / self._per_second, 0.0), LONGEST)

    def after(self, outcome: Outcome[object], now: float, verdict: Verdict = TRANSIENT) -> float | Reason:
        """Answer the delay before the next attempt in the interface's unit, or why there is none.

        Args:
            outcome: what the attempt did.
            now: seconds since the execution began, as the interface counts them.
            verdict: what the interface says about the outcome.
        """
        decision = self._decision(now, verdict)
        if self._narration is not None:
            self._narration.decided(verdict, decision, outcome)
        if not isinstance(decision, Retry):
            return decision.reason
        self.state = decision.state
        return self._exact

    def _decision(self, now: float, verdict: Verdict) -> Decision:
        if switch.disabled:
            return Stop(Reason.DISABLED, self.state)
        return weigh(self.policy, self.state, verdict, max(now, 0.0))


def _judged(outcome: Outcome[object]) -> Verdict:  # noqa: ARG001 - a classifier's signature
    """Leave the judgement to the interface, which has made it already."""
    return TRANSIENT


def exactly(number: object) -> int | Unlimited:
    """Answer the limit of an interface that compares the attempt's number with `==`.

    >>> exactly(3), exactly(0), exactly(1.5)
    (3, UNLIMITED, UNLIMITED)
    """
    return int(number) if isinstance(number, int | float) and number >= 1 and number % 1 == 0 else UNLIMITED


def at_least(number: float | None) -> int | Unlimited:
    """Answer the limit of an interface that compares the attempt's number with `>=`.

    >>> at_least(3), at_least(-1), at_least(2.5), at_least(None)
    (3, 1, 3, UNLIMITED)
    """
    if number is None or number > LONGEST:
        return UNLIMITED
    return max(1, -int(-number // 1))


def seconds_limit(seconds: float | None) -> float | None:
    """Answer a limit of time as the engine takes it: no limit where it is longer than anything sleeps.

    >>> seconds_limit(60), seconds_limit(float("inf")), seconds_limit(None)
    (60, None, None)
    """
    return None if seconds is None or seconds > LONGEST else seconds
