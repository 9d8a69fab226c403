"""The facts that an execution publishes: frozen values, each published exactly once.

- `Retrying`: an attempt was not accepted and another one follows after a delay. `on_retry` gets it inside the
  handler of the error, before the sleep.
- `Finished`: the execution ended, with its reason.
- `Refused`: a guard refused an attempt.
- `Nested`: an operation that failed had been retried inside already, so the attempts multiply.
- `GuardChanged`: a guard changed its status, such as a breaker that opened.
- `StoreLost`, `StoreFound`: the store of a guard doesn't answer, so guards go by what this process knows; it is back.

Rules: an event names its policy and never holds arguments. `Retrying` holds the error and the value for its
receiver, who must not keep them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mulligan._value import Value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.decision import State
    from mulligan.outcome import Reason

__all__ = [
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
    """

    policy: str
    attempt: int
    error: BaseException | None
    value: object
    delay: float
    elapsed: float
    state: State

    @property
    def next_attempt(self) -> int:
        """The number of the attempt that follows."""
        return self.attempt + 1


class Finished(Value):
    """The execution ended.

    Args:
        policy: the policy's name, "" where it has none.
        reason: why no further attempt is made; `Reason.ACCEPTED` for a success.
        attempts: how many attempts were made.
        elapsed: seconds of the whole execution.
        error: the type of the last error, `None` where the last attempt returned.
    """

    policy: str
    reason: Reason
    attempts: int
    elapsed: float
    error: type[BaseException] | None


class Refused(Value):
    """A guard refused an attempt.

    Args:
        policy: the policy's name, "" where it has none.
        attempt: the number of the attempt that was not made.
        guard: the guard's name.
        retry_after: seconds after which asking again makes sense, `None` where that is not known.
    """

    policy: str
    attempt: int
    guard: str
    retry_after: float | None


class Nested(Value):
    """An operation that failed had been retried inside already.

    Args:
        policy: the name of the outer policy, "" where it has none.
        attempts: how many attempts the outer execution made.
        inner: how many attempts were made inside its last attempt.

    >>> Nested(policy="", attempts=4, inner=16).amplification
    64
    """

    policy: str
    attempts: int
    inner: int

    @property
    def amplification(self) -> int:
        """How many calls that makes: k attempts in each of L layers are k^L."""
        return self.attempts * self.inner


class GuardChanged(Value):
    """A guard changed its status for a dependency.

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


Event: TypeAlias = Retrying | Finished | Refused | Nested | GuardChanged | StoreLost | StoreFound
Listener: TypeAlias = "Callable[[Event], object]"
OnRetry: TypeAlias = "Callable[[Retrying], Awaitable[None] | None]"
