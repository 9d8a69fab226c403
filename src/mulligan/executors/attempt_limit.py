"""The attempt timeout, enforced around one asynchronous attempt.

Rules: what it raises is an `AttemptTimeout`, a `TimeoutError` that the policy's classification judges like any other
error of the operation. A `TimeoutError` of the operation itself passes as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mulligan._event_loops import running_loop
from mulligan.errors import AttemptTimeout

if TYPE_CHECKING:
    from collections.abc import Awaitable

__all__ = ["late", "limited"]

R = TypeVar("R")


async def limited(number: int, seconds: float, pending: Awaitable[R]) -> R:
    """Await one attempt and interrupt it after that many seconds.

    Raises:
        AttemptTimeout: when the attempt takes longer.
    """
    async with running_loop().limit(seconds):
        return await pending
    raise late(number, seconds)


def late(number: int, seconds: float) -> AttemptTimeout:
    """Answer the error of an attempt that was interrupted."""
    return AttemptTimeout(f"attempt {number} took longer than {seconds} s")
