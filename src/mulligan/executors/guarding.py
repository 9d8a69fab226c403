"""What guards do in one execution: asked before attempts and retries, told how attempts ended.

    enter    before an attempt begins      breaker, throttle
    leave    after it has ended            all of them
    retry    before the sleep of a retry   budget; a breaker that will still be open
    release  what was not made, or was cancelled: permits and tokens go back

Rules:
- Where a guard refuses, what the guards before it hold goes back; so it does however an execution ends.
- Control flow (cancellation, `KeyboardInterrupt`) that the policy doesn't retry counts as nothing.
- The methods are steps: they give out the questions to stores that are elsewhere, one at a time, and are sent the
  answers. `drive` and `drive_async` are the two ways to perform them. Guards in memory give nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from mulligan.classify import ACCEPT, Accept, Fail
from mulligan.decision import Retry, Stop, judge, refuse
from mulligan.events import Refused
from mulligan.executors.exhaustion import unmark
from mulligan.executors.run import accepted
from mulligan.guards.calm import Resumable
from mulligan.guards.instants import instant
from mulligan.guards.protocol import Ending
from mulligan.guards.simple import visit_of
from mulligan.outcome import Raised, Refusal, Returned

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from mulligan.classify import Verdict
    from mulligan.decision import Decision
    from mulligan.events import Event
    from mulligan.executors.run import Run
    from mulligan.guards.protocol import AnyGuard, Pending, Visit
    from mulligan.outcome import Outcome

    T = TypeVar("T")
    Steps: TypeAlias = Generator[Pending, Refusal | None, T]

__all__ = ["Watch"]

V_contra = TypeVar("V_contra", contravariant=True)


class Watch(Generic[V_contra]):
    """The guards of one execution.

    Args:
        run: the execution.
        guards: in the order in which they are asked.
        args: the operation's positional arguments.
        kwargs: the operation's named arguments.
    """

    __slots__ = ("args", "began", "holding", "kwargs", "run", "visits", "waited")

    def __init__(
        self,
        run: Run[V_contra],
        guards: tuple[AnyGuard, ...],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> None:
        self.run: Run[V_contra] = run
        self.args: tuple[object, ...] = args
        self.kwargs: Mapping[str, object] = kwargs
        self.waited: float = 0.0
        self.began: float = 0.0
        self.holding: bool = False
        self.visits: tuple[Visit, ...] = tuple(visit_of(guard, self) for guard in guards)

    @property
    def policy_name(self) -> str:
        """The policy's name, "" where it has none."""
        return self.run.policy.name

    def publish(self, event: Event, /) -> None:
        """Tell the execution's listeners."""
        self.run.publish(event)

    def drive(self, steps: Steps[T]) -> T:
        """Perform steps in synchronous code."""
        try:
            pending = next(steps)
            while True:
                pending = steps.send(pending.perform())
        except StopIteration as end:
            value: T = end.value
            return value

    async def drive_async(self, steps: Steps[T]) -> T:
        """Perform steps in asynchronous code."""
        try:
            pending = next(steps)
            while True:
                pending = steps.send(await pending.perform_async())
        except StopIteration as end:
            value: T = end.value
            return value

    def admit(self) -> Steps[None]:
        """Let the first attempt begin.

        Raises:
            Rejected: when a guard refuses it, or the stop token is set already.
        """
        if self.run.rested is not None:
            self.resume(self.run.rested)
            return
        refusal = self.run.stop_refusal() or (yield from self.enter(self.run.attempt))
        if refusal is not None:
            self.run.reject(refusal)

    def resume(self, states: tuple[object, ...]) -> None:
        """Go on from the quiet states in which an attempt began that nobody was asked about."""
        self.holding = True
        self.began = instant(self.run.clock)
        for visit, state in zip(self.visits, states, strict=True):
            if isinstance(visit, Resumable):
                visit.resume(state)

    def failed(self, error: BaseException) -> Steps[Decision]:
        """Decide after an attempt that raised; as `Run.failed`."""
        decision = yield from self.decided(Raised(error))
        if isinstance(decision, Stop):
            self.run.give_up(decision, error)
        else:
            unmark(error)
        return decision

    def returned(self, value: V_contra) -> Steps[Decision]:
        """Decide after an attempt that returned; as `Run.returned`."""
        decision = yield from self.decided(Returned(value))
        if isinstance(decision, Stop):
            self.run.answer(decision, value)
        return decision

    def decided(self, outcome: Outcome[V_contra]) -> Steps[Decision]:
        """Decide after an attempt, without ending the execution."""
        run = self.run
        verdict = judge(run.policy, outcome)
        if run.heard:
            run.judged(verdict, outcome)
        ending = yield from self.leave(outcome, verdict)
        if isinstance(verdict, Accept):
            return accepted()
        state, decision = run.weighed(verdict)
        if isinstance(decision, Retry):
            refusal = run.retry_refusal() or (yield from self.retry(ending, decision.delay))
            decision = decision if refusal is None else refuse(state, refusal)
        run.remember(decision, outcome, state.elapsed)
        return decision

    def passed(self) -> Steps[None]:
        """Count a success whose value, if there is one, is nobody's to judge."""
        if self.holding:
            yield from self.leave(Returned(None), ACCEPT)

    def enter(self, attempt: int) -> Steps[Refusal | None]:
        """Let an attempt begin, or answer who refuses it."""
        self.holding = True
        self.waited = 0.0
        now = self.began = instant(self.run.clock)
        for visit in self.visits:
            refusal = visit.enter(attempt, now)
            if refusal is not None and not isinstance(refusal, Refusal):
                refusal = yield refusal
            if refusal is not None:
                yield from self.release()
                self._tell(attempt, refusal)
                return refusal
        return None

    def leave(self, outcome: Outcome[object], verdict: Verdict) -> Steps[Ending]:
        """Count what an attempt did."""
        now = instant(self.run.clock)
        ending = Ending(attempt=self.run.attempt, outcome=outcome, verdict=verdict, seconds=max(now - self.began, 0.0))
        if isinstance(verdict, Fail) and isinstance(outcome, Raised) and not isinstance(outcome.error, Exception):
            yield from self.release()
            return ending
        for visit in self.visits:
            said = visit.leave(ending, now)
            if said is not None and not isinstance(said, Refusal):
                yield said
        self.holding = False
        return ending

    def retry(self, ending: Ending, delay: float) -> Steps[Refusal | None]:
        """Let a retry be planned, or answer who refuses it."""
        self.holding = True
        now = instant(self.run.clock)
        for visit in self.visits:
            refusal = visit.retry(ending, delay, now)
            if refusal is not None and not isinstance(refusal, Refusal):
                refusal = yield refusal
            if refusal is not None:
                yield from self.release()
                self._tell(self.run.attempt + 1, refusal)
                return refusal
        return None

    def proceed(self) -> Steps[Stop | None]:
        """Let the planned retry begin after its sleep, or answer why it doesn't."""
        refusal = yield from self.enter(self.run.attempt + 1)
        return None if refusal is None else refuse(self.run.state(), refusal)

    def release(self) -> Steps[None]:
        """Give back whatever is held."""
        if not self.holding:
            return
        self.holding = False
        now = instant(self.run.clock)
        for visit in self.visits:
            said = visit.release(now)
            if said is not None and not isinstance(said, Refusal):
                yield said

    def _tell(self, attempt: int, refusal: Refusal) -> None:
        if self.run.heard:
            event = Refused(
                policy=self.policy_name,
                attempt=attempt,
                guard=refusal.by,
                retry_after=refusal.retry_after,
                execution=self.run.execution,
            )
            self.run.publish(event)
