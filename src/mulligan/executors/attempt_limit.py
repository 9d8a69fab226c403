"""The attempt timeout, enforced around one asynchronous attempt.

Rules: what it raises is an `AttemptTimeout`, a `TimeoutError` that the policy's classification judges like any other
error of the operation. A `TimeoutError` of the operation itself passes as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mulligan.errors import AttemptTimeout

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.executors.run import Run

__all__ = ["limited"]

P = ParamSpec("P")
R = TypeVar("R")


async def limited(run: Run[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Make one attempt within the policy's attempt timeout.

    Raises:
        AttemptTimeout: when the attempt takes longer.
    """
    import asyncio  # noqa: PLC0415 - importing mulligan must not import asyncio

    scope = asyncio.timeout(run.policy.attempt_timeout)
    try:
        async with scope:
            return await fn(*args, **kwargs)
    except TimeoutError:
        if not scope.expired():
            raise
    raise AttemptTimeout(f"attempt {run.attempt} took longer than {run.policy.attempt_timeout} s")
