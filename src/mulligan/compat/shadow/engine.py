"""What the engine would do where the original decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mulligan.decision import State, weigh
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules.arguments import LONGEST
from mulligan.schedules.inspection import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.classify import Verdict
    from mulligan.decision import Retry, Stop
    from mulligan.outcome import Outcome, Reason
    from mulligan.policy import Unlimited

__all__ = ["Engine"]


class Engine:
    """What the engine would do in one execution.

    Args:
        judge: what the interface says about an outcome.
        span: the least and greatest delay in seconds after an attempt; `None` where the delays have ended.
        surfaces: what the caller gets after an outcome and a reason, in words.
        slept: told the seconds that the original slept, within what the engine expects.
        max_attempts: as in a policy.
        stop_after: as in a policy.
        counts_beginnings: whether `stop_after` counts to the beginning of the last attempt, not to its end.
    """

    def __init__(
        self,
        *,
        judge: Callable[[Outcome[Any]], Verdict],
        span: Callable[[int], Bounds | None],
        surfaces: Callable[[Outcome[Any], Reason], str],
        slept: Callable[[float], None] | None = None,
        max_attempts: int | Unlimited = UNLIMITED,
        stop_after: float | None = None,
        counts_beginnings: bool = False,
    ) -> None:
        self._judge = judge
        self._span = span
        self._surfaces = surfaces
        self._slept = slept
        self._spans: dict[int, Bounds | None] = {}
        self.counts_beginnings = counts_beginnings
        over = stop_after is not None and stop_after <= 0
        self._policy = Policy(
            retry_on=Exception,
            schedule=self,
            max_attempts=1 if over else max_attempts,
            stop_after=None if over else stop_after,
        )
        self._state = State()

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the least delay, as the engine's schedule; each is asked for once."""
        if retry not in self._spans:
            self._spans[retry] = self._span(retry)
        bounds = self._spans[retry]
        return None if bounds is None else min(max(bounds.least, 0.0), LONGEST)

    def decisions(self, outcome: Outcome[Any], earliest: float, latest: float) -> tuple[Retry | Stop, ...]:
        """Answer what it would decide at both ends of the tolerance."""
        verdict = self._judge(outcome)
        instants = (max(earliest, 0.0), max(latest, 0.0))
        return tuple(weigh(self._policy, self._state, verdict, instant) for instant in instants)

    def bounds(self, retry: int) -> Bounds:
        """Answer the least and greatest delay of a retry that it has decided on."""
        return self._spans[retry] or Bounds(0.0, 0.0)

    def go_on(self, decision: Retry, retry: int, observed: float) -> None:
        """Go on to the next attempt, after a delay of the original's."""
        self._state = decision.state
        if self._slept is not None:
            expected = self.bounds(retry)
            self._slept(min(max(observed, expected.least), expected.greatest))

    def surfaced(self, outcome: Outcome[Any], decision: Stop) -> str:
        """Answer what its caller would get, in words."""
        return self._surfaces(outcome, decision.reason)
