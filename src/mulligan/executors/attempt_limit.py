"""The attempt timeout, enforced around one asynchronous attempt.

Rules: what it raises is an `AttemptTimeout`, a `TimeoutError` that the policy's classification judges like any other
error of the operation. A `TimeoutError` of the operation itself passes as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mulligan._event_loops import Late, running_loop
from mulligan.errors import AttemptTimeout

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["limited"]

P = ParamSpec("P")
R = TypeVar("R")


async def limited(
    number: int, seconds: float, fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Make one attempt and interrupt it after that many seconds.

    Raises:
        AttemptTimeout: when the attempt takes longer.
    """
    try:
        return await running_loop().within(seconds, fn, *args, **kwargs)
    except Late:
        pass
    raise AttemptTimeout(f"attempt {number} took longer than {seconds} s")
