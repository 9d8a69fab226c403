"""What to do after an outcome: the only place where a retry is proposed, and pure.

    decide(policy, state, outcome, now) → Retry(delay, state) | Stop(reason, state)
    refuse(state, refusal)              → Stop(reason, state)      a guard, a stop token or the operator said no

Rules:
- Time comes in as `now`, seconds since the execution began; chance comes in as the state's seed.
- The limits are asked in this order: attempts, stop_after, the schedule's end, timeout. A sleep that would end at the
  timeout or later is not started, so no attempt ever begins without time left.
- What is no `Exception` (`KeyboardInterrupt`, `CancelledError`) is never retried unless `retry_on` names it.
- `next_delay` is the same decision in plain numbers; executors that hold no values ask it, and `decide` is written
  with it, so that the two cannot disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from mulligan._value import Value
from mulligan.classify import FAIL, Accept, Fail, Transient
from mulligan.errors import ClassifierError, ConfigError
from mulligan.outcome import Raised, Reason, Refusal
from mulligan.schedules.arguments import LONGEST

if TYPE_CHECKING:
    from typing import Never

    from mulligan.classify import Verdict
    from mulligan.outcome import Outcome
    from mulligan.policy import Policy

__all__ = [
    "Decision",
    "Reason",
    "Refusal",
    "Retry",
    "State",
    "Stop",
    "decide",
    "judge",
    "next_delay",
    "refuse",
    "weigh",
]

V = TypeVar("V")


class State(Value):
    """Where an execution stands: plain numbers, so that it can be stored and resumed in another process.

    Args:
        attempt: the number of the attempt that is made next, or whose outcome is being decided; from 1.
        elapsed: seconds spent when that attempt begins; after a `Stop`, when it ended.
        seed: fixes every random draw of the execution.
        previous: seconds that the schedule gave for the retry before, `None` at the first.

    Raises:
        ConfigError: when a number can't be one of a state.

    >>> State(seed=7)
    State(attempt=1, elapsed=0.0, seed=7, previous=None)
    """

    attempt: int = 1
    elapsed: float = 0.0
    seed: int = 0
    previous: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        """Answer the numbers by name, to be stored; `State(**stored)` is the state again.

        >>> State(**State(attempt=2, seed=7).as_dict()) == State(attempt=2, seed=7)
        True
        """
        return {"attempt": self.attempt, "elapsed": self.elapsed, "seed": self.seed, "previous": self.previous}

    def __post_init__(self) -> None:
        """Refuse what no execution can have reached."""
        if self.attempt < 1:
            raise ConfigError("attempt", self.attempt, "give the attempt's number, from 1")
        if not 0.0 <= self.elapsed < float("inf"):
            raise ConfigError("elapsed", self.elapsed, "give the seconds spent so far, from 0")


class Retry(Value, kw_only=False):
    """Make another attempt.

    Args:
        delay: seconds to wait before it.
        state: the state in which it begins.
    """

    delay: float
    state: State


class Stop(Value, kw_only=False):
    """Make no further attempt.

    Args:
        reason: why.
        state: the state in which the execution ended.
    """

    reason: Reason
    state: State


Decision: TypeAlias = Retry | Stop
"""What to do next."""


def decide(policy: Policy[V], state: State, outcome: Outcome[V], now: float) -> Decision:
    """Say what to do after an attempt.

    Args:
        policy: classification, schedule and limits.
        state: the state in which the attempt was made.
        outcome: what the attempt did.
        now: seconds since the execution began.

    Raises:
        ClassifierError: when a predicate or the classifier fails.
        ConfigError: when the schedule answers a delay that can't be slept.

    >>> from mulligan.policy import Policy
    >>> from mulligan.schedules import constant
    >>> policy = Policy(retry_on=OSError, schedule=constant(2), timeout=10)
    >>> decide(policy, State(), Raised(OSError()), 1.0)
    Retry(delay=2.0, state=State(attempt=2, elapsed=3.0, seed=0, previous=2.0))
    >>> decide(policy, State(), Raised(OSError()), 8.0).reason
    <Reason.TIMEOUT: 'timeout'>
    """
    return weigh(policy, state, judge(policy, outcome), now)


def weigh(policy: Policy[Never], state: State, verdict: Verdict, now: float) -> Decision:
    """Say what to do after an attempt with this verdict: the second half of `decide`.

    Args:
        policy: schedule and limits.
        state: the state in which the attempt was made.
        verdict: what the attempt's outcome means.
        now: seconds since the execution began.

    Raises:
        ConfigError: when the schedule answers a delay that can't be slept.
    """
    match verdict:
        case Accept():
            return _stop(Reason.ACCEPTED, state, now)
        case Fail():
            return _stop(Reason.NOT_RETRYABLE, state, now)
        case Transient():
            return _propose(policy, state, verdict, now)


def refuse(state: State, refusal: Refusal) -> Stop:
    """Fold a refusal of the next attempt in.

    Args:
        state: the state in which the execution stands.
        refusal: who refuses and why.

    >>> refuse(State(attempt=2), Refusal(by="breaker")).reason
    <Reason.REFUSED: 'refused'>
    """
    return Stop(refusal.reason, state)


def judge(policy: Policy[V], outcome: Outcome[V]) -> Verdict:
    """Answer what the policy's classification says about an outcome.

    Raises:
        ClassifierError: when a predicate or the classifier fails; its cause is the operation's error.
    """
    error = outcome.error if isinstance(outcome, Raised) else None
    if error is not None and not isinstance(error, Exception) and not isinstance(error, policy.retry_types):
        return FAIL
    try:
        verdict = policy.classifier(outcome)
    except ClassifierError:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it is becomes a ClassifierError
        raise ClassifierError(f"classify: raised {type(failure).__name__}: {failure}") from error or failure
    return _insisted(verdict, error)


def _insisted(verdict: object, error: BaseException | None) -> Verdict:
    if isinstance(verdict, Accept | Transient | Fail):
        return verdict
    raise ClassifierError(f"classify: answered {verdict!r}: answer Accept, Transient or Fail") from error


def _propose(policy: Policy[Never], state: State, verdict: Transient, now: float) -> Decision:
    step = next_delay(policy, state.attempt, state.seed, state.previous, now, verdict=verdict)
    if isinstance(step, Reason):
        return _stop(step, state, now)
    following = State(
        attempt=state.attempt + 1, elapsed=now + step, seed=state.seed, previous=_previous(policy, state, verdict, step)
    )
    return Retry(step, following)


def _previous(policy: Policy[Never], state: State, verdict: Transient, step: float) -> float | None:
    """Answer what the schedule gave, which a hint may have changed."""
    if verdict.restarts:
        return None
    if verdict.hint is None:
        return step
    return verdict.paced(policy.schedule).delay(state.attempt, state.seed, state.previous)


def _stop(reason: Reason, state: State, now: float) -> Stop:
    return Stop(reason, State(attempt=state.attempt, elapsed=now, seed=state.seed, previous=state.previous))


def next_delay(
    policy: Policy[Never],
    attempt: int,
    seed: int,
    previous: float | None,
    now: float,
    *,
    verdict: Transient | None = None,
) -> float | Reason:
    """Answer the seconds to wait before the next attempt, or the reason why there is none.

    Args:
        policy: schedule and limits; its classification is not asked.
        attempt: the number of the attempt that was not accepted.
        seed: fixes every random draw of the execution.
        previous: seconds that the schedule gave for the retry before, `None` at the first.
        now: seconds since the execution began.
        verdict: what the classification said, where it has a hint.

    Raises:
        ConfigError: when the schedule answers a delay that can't be slept.
    """
    if attempt >= policy.attempt_limit:
        return Reason.ATTEMPTS
    if policy.stop_after is not None and now >= policy.stop_after:
        return Reason.STOP_AFTER
    schedule = policy.schedule if verdict is None else verdict.paced(policy.schedule)
    delay = schedule.delay(attempt, seed, previous)
    if delay is None:
        return Reason.SCHEDULE_ENDED
    if not 0.0 <= delay <= LONGEST:
        raise ConfigError("schedule", schedule, f"it answered {delay!r}: give a delay from 0 to {LONGEST:g} seconds")
    if verdict is not None:
        delay = verdict.apply(delay)
    if policy.timeout is not None and now + delay >= policy.timeout:
        return Reason.TIMEOUT
    return delay
