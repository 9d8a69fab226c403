"""One execution while it runs: what every executor shares, without calling, sleeping or awaiting.

Rules:
- A run belongs to one execution, and to one thread or task at a time.
- Attributes that most executions leave alone are class attributes, so that beginning a run sets two.
- A run never holds an error: the error's traceback holds the frame that holds the run.
- Every retry is proposed by the halves of `decide`, `judge` and `weigh`; `plain` has the path that holds no values.
"""

from __future__ import annotations

import time
from collections import deque
from functools import cache
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from mulligan import clock as clocks
from mulligan.classify import Accept
from mulligan.decision import Retry, State, Stop, judge, refuse, weigh
from mulligan.executors import switch
from mulligan.executors.exhaustion import annotate, attempts_inside, mark, note_text, unmark, wrapped
from mulligan.executors.published import snapshot
from mulligan.outcome import Raised, Reason, Record, Refusal, Returned
from mulligan.seed import fresh_seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan.classify import Verdict
    from mulligan.clock import Clock
    from mulligan.decision import Decision
    from mulligan.events import Event, OnRetry, Retrying
    from mulligan.executors.guarding import Watch
    from mulligan.executors.published import Attempt
    from mulligan.executors.stopping import StopToken
    from mulligan.guards.protocol import AnyGuard
    from mulligan.outcome import Outcome
    from mulligan.policy import Policy

__all__ = ["Run", "accepted"]

V_contra = TypeVar("V_contra", contravariant=True)
HISTORY = 10
"""How many attempts a history keeps: the last ones."""


@cache
def accepted() -> Stop:
    """Answer the decision after a value that is accepted; importing makes no values, so it is made at first use."""
    return Stop(Reason.ACCEPTED, State())


class Run(Generic[V_contra]):
    """One execution of an operation under a policy.

    Args:
        policy: the policy.
    """

    policy: Policy[V_contra]
    clock: Clock | None = None  # None for the system's
    origin: float  # the instant when the execution began
    attempt: int = 1  # the number of the attempt that runs, or of the one that is about to
    begun: bool = True  # whether any was: not where the first one was refused
    began: float | None = None  # the instant when it began; None for the first, which begins with the execution
    previous: float | None = None  # seconds that the schedule gave for the retry before
    seed: int | None = None  # drawn when it is first needed
    reason: Reason = Reason.INTERRUPTED  # until a decision ends the execution
    since: str = ""  # what the note says that its seconds are counted from
    key: str | None = None  # the idempotency key
    on_retry: OnRetry | None = None
    stop: StopToken | None = None
    heard: bool = False  # whether anybody listens
    execution: int = 0  # which one, for those who listen
    guards: tuple[AnyGuard, ...] = ()
    watch: Watch[V_contra] | None = None  # the guards at work
    rested: tuple[object, ...] | None = None  # the states of quiet guards that the first attempt passed by
    history: deque[Record] | None = None
    keeps_history: bool = False
    answering: bool = False  # whether the caller wants an answer, and no error about exhaustion

    def __init__(self, policy: Policy[V_contra]) -> None:
        self.policy = policy
        clock = clocks.installed
        if clock is None:
            self.origin = time.monotonic()
        else:
            self.use(clock)

    def use(self, clock: Clock) -> None:
        """Begin to go by a clock."""
        self.clock = clock
        self.origin = clock.monotonic()

    def now(self) -> float:
        """Answer the clock's instant."""
        return time.monotonic() if self.clock is None else self.clock.monotonic()

    def elapsed(self) -> float:
        """Answer the seconds since the execution began; on the plain path, since its first failure."""
        return self.now() - self.origin

    def state(self) -> State:
        """Answer where the execution stands."""
        if self.seed is None:
            self.seed = fresh_seed()
        return State(attempt=self.attempt, elapsed=max(self.elapsed(), 0.0), seed=self.seed, previous=self.previous)

    def resume(self, state: State) -> None:
        """Go on where another execution stood."""
        self.attempt, self.seed, self.previous = state.attempt, state.seed, state.previous
        self.origin -= state.elapsed

    def made(self) -> int:
        """Answer how many attempts were made, those before a resumption included."""
        return self.attempt if self.begun else self.attempt - 1

    def snapshot(self) -> Attempt:
        """Answer the attempt that runs, for the operation."""
        now = self.now()
        elapsed = now - self.origin
        inside = elapsed if self.began is None else now - self.began
        return snapshot(self.policy, number=self.attempt, elapsed=elapsed, in_attempt=inside, key=self.key)

    def watched(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Watch[V_contra]:
        """Begin to be watched by the guards."""
        from mulligan.executors.guarding import Watch  # noqa: PLC0415 - only who has guards pays for them

        self.watch = watch = Watch(self, self.guards, args, kwargs)
        return watch

    def bridges(self) -> bool:
        """Tell whether a retry may be refused during or after its sleep, so that this belongs to the last attempt."""
        return self.stop is not None or self.watch is not None

    def attempt_limit(self) -> float | None:
        """Answer the seconds after which an attempt is to be interrupted, `None` where it is not."""
        return self.policy.attempt_timeout if self.policy.attempt_timeout_mode == "enforce" else None

    def admit(self) -> None:
        """Let the first attempt begin.

        Raises:
            Rejected: when a guard refuses it, or the stop token is set already.
        """
        refusal = self.stop_refusal()
        if refusal is not None:
            self.reject(refusal)

    def reject(self, refusal: Refusal) -> NoReturn:
        """End the execution before its first attempt.

        Raises:
            Rejected: always; of the refusal's own type.
        """
        self.begun = False
        self.end(refuse(self.state(), refusal), None)
        raise refusal.error(f"{refusal.by} refused attempt {self.attempt}", retry_after=refusal.retry_after)

    def failed(self, error: BaseException) -> Decision:
        """Decide after an attempt that raised, and move on; a stopped run has given the error its note.

        Raises:
            ClassifierError: when the classification fails.
            RetryExhausted: where the policy wraps the last error.
        """
        if self.watch is not None:
            return self.watch.drive(self.watch.failed(error))
        decision = self.decided(Raised(error))
        if isinstance(decision, Stop):
            self.give_up(decision, error)
        else:
            unmark(error)
        return decision

    def complete(self) -> None:
        """End the execution with a success whose value, if there is one, is nobody's to judge."""
        if self.watch is not None:
            self.watch.drive(self.watch.passed())
        self.end(accepted(), None)

    def returned(self, value: V_contra) -> Decision:
        """Decide after an attempt that returned, and move on.

        Raises:
            ClassifierError: when the classification fails.
            RetryExhausted: where the value is not accepted, no attempt follows and the policy does not answer it.
        """
        if self.watch is not None:
            return self.watch.drive(self.watch.returned(value))
        if not self.policy.judges_values:
            self.end(accepted(), None)
            return accepted()
        decision = self.decided(Returned(value))
        if isinstance(decision, Stop):
            self.answer(decision, value)
        return decision

    def decided(self, outcome: Outcome[V_contra]) -> Decision:
        """Decide after an attempt, without ending the execution.

        Raises:
            ClassifierError: when the classification fails.
        """
        if self.watch is not None:
            return self.watch.drive(self.watch.decided(outcome))
        verdict = judge(self.policy, outcome)
        if self.heard:
            self.judged(verdict, outcome)
        if isinstance(verdict, Accept):
            return accepted()
        state, decision = self.weighed(verdict)
        if isinstance(decision, Retry):
            refusal = self.retry_refusal()
            decision = decision if refusal is None else refuse(state, refusal)
        self.remember(decision, outcome, state.elapsed)
        return decision

    def weighed(self, verdict: Verdict) -> tuple[State, Decision]:
        """Answer where the execution stands, and what the policy's limits and schedule say."""
        state = self.state()
        return state, weigh(self.policy, state, verdict, state.elapsed)

    def stop_refusal(self) -> Refusal | None:
        """Answer the stop token's refusal, where it is set."""
        return _stopped() if self.stop is not None and self.stop.is_set() else None

    def retry_refusal(self) -> Refusal | None:
        """Answer why no retry may follow, guards aside."""
        refusal = self.stop_refusal()
        if refusal is None and switch.disabled:
            return Refusal(by=switch.VARIABLE, reason=Reason.DISABLED)
        return refusal

    def remember(self, decision: Decision, outcome: Outcome[V_contra], elapsed: float) -> None:
        """Keep what an attempt did, where a history is wanted."""
        if self.history is None:
            if not self.keeps_history:
                return
            self.history = deque(maxlen=HISTORY)
        error = type(outcome.error) if isinstance(outcome, Raised) else None
        delay = decision.delay if isinstance(decision, Retry) else None
        self.history.append(Record(attempt=self.attempt, error=error, elapsed=elapsed, delay=delay))

    def advance(self, decision: Retry) -> None:
        """Begin to count the next attempt."""
        self.attempt = decision.state.attempt
        self.began = self.now()
        self.previous = decision.state.previous

    def retrying(self, decision: Retry, error: BaseException | None, value: object) -> Retrying:
        """Answer the event before a retry, published to the listeners already."""
        from mulligan.events import Retrying  # noqa: PLC0415 - only who observes pays for it

        event = Retrying(
            policy=self.policy.name,
            attempt=self.attempt,
            error=error,
            value=value,
            delay=decision.delay,
            elapsed=self.elapsed(),
            state=decision.state,
            execution=self.execution,
        )
        self.publish(event)
        return event

    def stopped(self) -> Stop:
        """Answer the decision after the stop token was set during the sleep."""
        return refuse(self.state(), _stopped())

    def give_up(self, decision: Stop, error: BaseException) -> None:
        """End the execution on an error, which the caller raises.

        Raises:
            RetryExhausted: where the policy wraps the error.
        """
        inside = self._multiply(error) if decision.reason.exhausted else 1
        self.end(decision, error)
        if not decision.reason.exhausted:
            return
        if self.policy.on_exhausted == "wrap" and not self.answering:
            raise wrapped(self._text(inside), self.attempt, None, tuple(self.history or ())) from error
        if self.policy.note:
            annotate(error, self._text(inside))

    def answer(self, decision: Stop, value: object) -> None:
        """End the execution on a value, which the caller returns.

        Raises:
            RetryExhausted: where the value is not accepted and the policy does not answer it.
        """
        self.end(decision, None)
        if decision.reason is Reason.ACCEPTED or self.policy.on_exhausted == "return" or self.answering:
            return
        raise wrapped(self._text(1), self.attempt, value, tuple(self.history or ()))

    def _multiply(self, error: BaseException) -> int:
        """Answer how many attempts each attempt stood for, and let executions around this one know."""
        inside = attempts_inside(error, self.origin)
        if inside > 1:
            from mulligan.events import Nested  # noqa: PLC0415 - only nested executions pay for it

            name, made = self.policy.name, self.attempt
            self.publish(Nested(policy=name, attempts=made, inner=inside, execution=self.execution))
        mark(error, self.attempt * inside, self.now())
        return inside

    def _text(self, inside: int) -> str:
        return note_text(self.policy.name, self.attempt, inside, self.elapsed(), self.reason, since=self.since)

    def end(self, decision: Stop, error: BaseException | None) -> None:  # noqa: ARG002 - for who listens
        """End the execution."""
        self.reason = decision.reason

    def publish(self, event: Event) -> None:
        """Tell the listeners: there are none."""

    def started(self) -> None:
        """Tell the listeners that an attempt is about to be made: there are none."""

    def judged(self, verdict: Verdict, outcome: Outcome[V_contra]) -> None:
        """Keep what became of an attempt for the listeners: there are none."""

    def interrupted(self, error: BaseException | None) -> None:
        """Tell the listeners that something else than a decision ended the execution: there are none."""


def _stopped() -> Refusal:
    return Refusal(by="the stop token", reason=Reason.STOPPED)
