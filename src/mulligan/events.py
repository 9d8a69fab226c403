"""The facts that an execution publishes: frozen values, each published exactly once.

- `AttemptStarted`, `AttemptEnded`: one attempt, from just before the call to what became of it.
- `Retrying`: an attempt was not accepted and another one follows after a delay. `on_retry` gets it inside the
  handler of the error, before the sleep.
- `Finished`: the execution ended, with its reason; its last fact.
- `Refused`: a guard refused an attempt.
- `Nested`: an operation that failed had been retried inside already, so the attempts multiply.
- `GuardChanged`: a guard changed its status, such as a breaker that opened.
- `StoreLost`, `StoreFound`: the store of a guard doesn't answer, so guards go by what this process knows; it is back.

Rules:
- An event names its policy and never holds arguments. Those that hold an error or a value hold it for their receiver,
  who must not keep it.
- Every attempt that has started ends, and every execution that has started an attempt finishes, whatever ended it.
- A listener is a function of one event. It is told of everything but attempts, which most have no use for and which
  cost something to tell; a listener whose class has an attribute `hears`, a tuple of event types, is told of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from mulligan._value import Value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.decision import State
    from mulligan.outcome import Reason

__all__ = [
    "ATTEMPTS",
    "EVENTS",
    "AttemptEnded",
    "AttemptStarted",
    "AttemptVerdict",
    "Event",
    "Finished",
    "GuardChanged",
    "Listener",
    "Nested",
    "OnRetry",
    "Refused",
    "Retrying",
    "StoreFound",
    "StoreLost",
]

AttemptVerdict: TypeAlias = Literal["accepted", "transient", "failed", "cancelled"]
"""What became of an attempt: what was wanted; not accepted, and another one may do better; failed for good; control
flow such as a cancellation passed through it."""


class AttemptStarted(Value):
    """An attempt is about to be made.

    Args:
        policy: the policy's name, "" where it has none.
        attempt: its number, from 1.
        elapsed: seconds since the execution began.
        execution: which execution, counted in this process.
    """

    policy: str
    attempt: int
    elapsed: float
    execution: int = 0


class AttemptEnded(Value):
    """An attempt has ended.

    Args:
        policy: the policy's name, "" where it has none.
        attempt: its number, from 1.
        verdict: what became of it: "accepted", "transient", "failed" or "cancelled".
        seconds: how long it took.
        error: what it raised, `None` where it returned.
        execution: which execution, counted in this process.
    """

    policy: str
    attempt: int
    verdict: AttemptVerdict
    seconds: float
    error: BaseException | None
    execution: int = 0


class Retrying(Value):
    """An attempt was not accepted; the next one follows after a delay.

    Args:
        policy: the policy's name, "" where it has none.
        attempt: the number of the attempt that was not accepted, from 1.
        error: what it raised, `None` where it returned a value.
        value: what it returned, `None` where it raised.
        delay: seconds that will be slept.
        elapsed: seconds since the execution began.
        state: where the execution stands; give it as `Execution(resume=...)` to go on elsewhere.
        execution: which execution, counted in this process; 0 where nobody listens.
    """

    policy: str
    attempt: int
    error: BaseException | None
    value: object
    delay: float
    elapsed: float
    state: State
    execution: int = 0

    @property
    def next_attempt(self) -> int:
        """The number of the attempt that follows."""
        return self.attempt + 1


class Finished(Value):
    """The execution ended.

    Args:
        policy: the policy's name, "" where it has none.
        reason: why no further attempt is made; `Reason.ACCEPTED` for a success.
        attempts: how many attempts were made; 0 where the first one was refused.
        elapsed: seconds of the whole execution.
        error: the type of the last error, `None` where the last attempt returned.
        raised: the last error itself.
        execution: which execution, counted in this process.
    """

    policy: str
    reason: Reason
    attempts: int
    elapsed: float
    error: type[BaseException] | None
    raised: BaseException | None = None
    execution: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the execution succeeded."""
        return self.reason == "accepted"


class Refused(Value):
    """A guard refused an attempt.

    Args:
        policy: the policy's name, "" where it has none.
        attempt: the number of the attempt that was not made.
        guard: the guard's name.
        retry_after: seconds after which asking again makes sense, `None` where that is not known.
        execution: which execution, counted in this process.
    """

    policy: str
    attempt: int
    guard: str
    retry_after: float | None
    execution: int = 0


class Nested(Value):
    """An operation that failed had been retried inside already.

    Args:
        policy: the name of the outer policy, "" where it has none.
        attempts: how many attempts the outer execution made.
        inner: how many attempts were made inside its last attempt.
        execution: which execution, counted in this process.

    >>> Nested(policy="", attempts=4, inner=16).amplification
    64
    """

    policy: str
    attempts: int
    inner: int
    execution: int = 0

    @property
    def amplification(self) -> int:
        """How many calls that makes: k attempts in each of L layers are k^L."""
        return self.attempts * self.inner


class GuardChanged(Value):
    """A guard changed its status for a dependency.

    Where processes share a state, each of them publishes the change when it sees it.

    Args:
        policy: the policy's name, "" where it has none.
        guard: the guard's name.
        key: which dependency.
        before: the status that it had, such as "closed".
        after: the status that it has.
    """

    policy: str
    guard: str
    key: str
    before: str
    after: str


class StoreLost(Value):
    """The store of a guard didn't answer in time: guards go by what this process knows until it is back.

    Args:
        policy: the name of the policy whose execution noticed, "" where it has none.
        store: what the store is called.
        error: the type of the error.
    """

    policy: str
    store: str
    error: type[BaseException]


class StoreFound(Value):
    """The store of a guard answers again.

    Args:
        policy: the name of the policy whose execution noticed, "" where it has none.
        store: what the store is called.
    """

    policy: str
    store: str


Event: TypeAlias = (
    AttemptStarted | AttemptEnded | Retrying | Finished | Refused | Nested | GuardChanged | StoreLost | StoreFound
)
"""Whatever an execution publishes."""
EVENTS: Final[tuple[type[Event], ...]] = get_args(Event)
"""The classes of all events."""
ATTEMPTS: Final = (AttemptStarted, AttemptEnded)
"""The events of single attempts, which only those listeners get that ask for them."""
Listener: TypeAlias = "Callable[[Event], object]"
"""Who is told; what it answers is dropped."""
OnRetry: TypeAlias = "Callable[[Retrying], Awaitable[None] | None]"
"""Who is told before each sleep; in asynchronous code it may be a coroutine function."""
