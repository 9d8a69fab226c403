"""What an execution on a shim tells the listeners of `mulligan.observe.use`: the same facts as any other execution.

Rules: the policy that events name is the site, `module:qualname`. Nothing is told where the original runs, in the modes
`legacy` and `shadow`. What a predicate or a handler of the interface raises counts as the attempt's own error. Where
nobody listens a call pays for one comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.classify import FAIL
from mulligan.compat.sites import site_name
from mulligan.decision import Retry, State, Stop
from mulligan.executors.narrated import NarratedRun
from mulligan.executors.run import accepted
from mulligan.outcome import Raised, Reason
from mulligan.policy import Policy

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from mulligan.audience import Audience
    from mulligan.classify import Verdict
    from mulligan.clock import Clock
    from mulligan.decision import Decision
    from mulligan.outcome import Outcome

__all__ = ["Narration"]


class Narration:
    """One execution that somebody listens to, as a `with` around all of its attempts.

    Args:
        operation: what is retried; the site is named after it.
        audience: the listeners.
        clock: the clock, where it is another than the installed one, as in asynchronous code.

    >>> from mulligan.audience import Audience
    >>> audience = Audience([lambda event: print(event.policy, event.reason, event.attempts)])
    >>> with Narration(len, audience) as narration:
    ...     narration.begins()
    ...     len("page")
    4
    builtins:len accepted 1
    """

    def __init__(self, operation: object, audience: Audience, clock: Clock | None = None) -> None:
        self._run: NarratedRun[object] = NarratedRun(Policy(name=site_name(operation), retry_on=Exception), audience)
        if clock is not None:
            self._run.use(clock)
        self._next: Retry | None = None
        self._undecided = False

    def __enter__(self) -> Self:
        return self

    def begins(self) -> None:
        """Tell that an attempt begins."""
        if self._next is not None:
            self._run.advance(self._next)
        self._next, self._undecided = None, True
        self._run.started()

    def decided(self, verdict: Verdict, decision: Decision, outcome: Outcome[object]) -> None:
        """Tell what follows an attempt that was not accepted."""
        self._undecided = False
        self._run.judged(verdict, outcome)
        error, value = (outcome.error, None) if isinstance(outcome, Raised) else (None, outcome.value)
        if isinstance(decision, Retry):
            self._next = decision
            self._run.retrying(decision, error, value)
        else:
            self._run.end(decision, error)

    def failed(self, error: BaseException) -> None:
        """Tell that an attempt raised what is not retried."""
        self.decided(FAIL, Stop(Reason.NOT_RETRYABLE, State()), Raised(error))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._run.over or not self._run.begun:
            return
        if not self._undecided:
            self._run.interrupted(error)
        elif error is None:
            self._run.end(accepted(), None)
        else:
            self.failed(error)
