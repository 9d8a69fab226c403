"""An execution that somebody listens to: what it tells, each fact once.

    AttemptStarted   just before the call
    AttemptEnded     when it is clear what follows, so after the guards were told; its seconds end before them
    Retrying         before the sleep
    Finished         at the end, whatever ended it; nothing follows

Rules:
- Every attempt that has started ends, and every execution that has started one finishes: where something else than a
  decision ended it (a cancelled sleep, a classifier or an observer that raised, a loop that was left between two
  blocks), the reason is INTERRUPTED.
- Attempts that nobody hears of cost nothing.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from mulligan.classify import Accept, Fail, Transient
from mulligan.events import AttemptEnded, AttemptStarted, Finished
from mulligan.executors.run import Run
from mulligan.outcome import Raised, Reason

if TYPE_CHECKING:
    from mulligan.audience import Audience
    from mulligan.classify import Verdict
    from mulligan.decision import Retry, Stop
    from mulligan.events import AttemptVerdict, Event, Retrying
    from mulligan.outcome import Outcome
    from mulligan.policy import Policy

__all__ = ["NarratedRun"]

V_contra = TypeVar("V_contra", contravariant=True)
_EXECUTIONS: Final = count(1)


class NarratedRun(Run[V_contra]):
    """One execution that tells its listeners.

    Args:
        policy: the policy.
        audience: the listeners.
    """

    heard: bool = True
    begun: bool = False  # only here is it known when an attempt begins
    opened: float | None = None
    closed: float | None = None
    verdict: AttemptVerdict = "accepted"
    over: bool = False

    def __init__(self, policy: Policy[V_contra], audience: Audience) -> None:
        super().__init__(policy)
        self.audience = audience
        self.attends: bool = audience.starts or audience.ends
        self.execution: int = next(_EXECUTIONS)

    def publish(self, event: Event) -> None:
        """Tell whoever hears it."""
        self.audience.tell(event)

    def started(self) -> None:
        """Tell that an attempt is about to be made."""
        self.begun = True
        if not self.attends:
            return
        now = self.now()
        self.opened, self.closed = now, None
        if self.audience.starts:
            name, elapsed = self.policy.name, now - self.origin
            event = AttemptStarted(policy=name, attempt=self.attempt, elapsed=elapsed, execution=self.execution)
            self.audience.tell(event)

    def judged(self, verdict: Verdict, outcome: Outcome[V_contra]) -> None:
        """Keep what became of the attempt, until it is clear what follows."""
        if not self.attends:
            return
        self.closed = self.now()
        self.verdict = _in_a_word(verdict, outcome.error if isinstance(outcome, Raised) else None)

    def retrying(self, decision: Retry, error: BaseException | None, value: object) -> Retrying:
        """Answer the event before a retry, published to the listeners already."""
        self._close(error)
        return super().retrying(decision, error, value)

    def end(self, decision: Stop, error: BaseException | None) -> None:
        """End the execution."""
        super().end(decision, error)
        if self.closed is None:
            self.verdict = "accepted"
        self._close(error)
        self._finish(decision.reason, error)

    def interrupted(self, error: BaseException | None) -> None:
        """End an execution that no decision has ended."""
        if self.over:
            return
        if self.closed is None:
            self.verdict = "failed" if isinstance(error, Exception) else "cancelled"
        self._close(error)
        self._finish(Reason.INTERRUPTED, error)

    def _close(self, error: BaseException | None) -> None:
        """Tell that the attempt has ended, unless that was told."""
        if self.opened is None:
            return
        ended = self.now() if self.closed is None else self.closed
        seconds, self.opened = max(ended - self.opened, 0.0), None
        if self.audience.ends:
            event = AttemptEnded(
                policy=self.policy.name,
                attempt=self.attempt,
                verdict=self.verdict,
                seconds=seconds,
                error=error,
                execution=self.execution,
            )
            self.audience.tell(event)

    def _finish(self, reason: Reason, error: BaseException | None) -> None:
        self.over = True
        event = Finished(
            policy=self.policy.name,
            reason=reason,
            attempts=self.made(),
            elapsed=self.elapsed(),
            error=None if error is None else type(error),
            raised=error,
            execution=self.execution,
        )
        self.audience.tell(event)

    def __del__(self) -> None:
        if self.begun:
            self.interrupted(None)


def _in_a_word(verdict: Verdict, error: BaseException | None) -> AttemptVerdict:
    match verdict:
        case Accept():
            return "accepted"
        case Transient():
            return "transient"
        case Fail():
            return "failed" if error is None or isinstance(error, Exception) else "cancelled"
