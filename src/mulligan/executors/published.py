"""The attempt that runs, as the operation can see it.

Rules: it is published only by executions whose policy has something to tell: a timeout, an attempt timeout or an
idempotency key. The innermost of these is answered, as a snapshot. A first attempt is published as a tuple, because
beginning a run costs as much as the rest of a successful execution.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING

from mulligan._value import Value

if TYPE_CHECKING:
    from typing import Never, Protocol, TypeAlias

    from mulligan.clock import Clock
    from mulligan.policy import Policy

    FirstAttempt: TypeAlias = tuple[Policy[Never], float, str | None, Clock | None]
    """A first attempt that no run belongs to yet: policy, instant of its beginning, key, clock."""

    class Publisher(Protocol):
        """An execution that can tell about its attempt."""

        def snapshot(self) -> Attempt:
            """Answer the attempt that runs."""
            ...


__all__ = ["Attempt", "current_attempt", "publisher", "snapshot"]


class Attempt(Value):
    """A snapshot of the attempt that runs.

    Args:
        number: from 1.
        elapsed: seconds since the execution began.
        remaining: seconds until the execution's or the attempt's timeout, whichever comes first, never below 0; `None`
            where there is neither.
        idempotency_key: the execution's key, `None` where the policy makes none.
    """

    number: int
    elapsed: float
    remaining: float | None
    idempotency_key: str | None


publisher: ContextVar[Publisher | FirstAttempt | None] = ContextVar("mulligan.current_attempt", default=None)


def current_attempt() -> Attempt | None:
    """Answer the attempt inside which this code runs, `None` where none is published.

    >>> from mulligan import Policy, execute
    >>> def operation() -> int:
    ...     attempt = current_attempt()
    ...     return attempt.number if attempt else 0
    >>> execute(Policy(retry_on=OSError, timeout=5), operation)
    1
    >>> current_attempt() is None
    True
    """
    published = publisher.get()
    if published is None:
        return None
    if not isinstance(published, tuple):
        return published.snapshot()
    policy, began, key, clock = published
    now = time.monotonic() if clock is None else clock.monotonic()
    return snapshot(policy, number=1, elapsed=now - began, in_attempt=now - began, key=key)


def snapshot(policy: Policy[Never], *, number: int, elapsed: float, in_attempt: float, key: str | None) -> Attempt:
    """Answer an attempt of a policy.

    Args:
        policy: whose timeouts count.
        number: the attempt's number, from 1.
        elapsed: seconds since the execution began.
        in_attempt: seconds since the attempt began.
        key: the execution's idempotency key.
    """
    limits = (policy.timeout, elapsed), (policy.attempt_timeout, in_attempt)
    left = [limit - spent for limit, spent in limits if limit is not None]
    remaining = max(min(left), 0.0) if left else None
    return Attempt(number=number, elapsed=elapsed, remaining=remaining, idempotency_key=key)
