"""The stop token: how an execution is told from outside to make no further attempt.

Rules: a set token ends the execution with the last error; it never hastens the next attempt. Tokens that can only be
asked are asked every `POLL` seconds of a sleep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["StopToken", "slices"]

POLL = 0.1


class StopToken(Protocol):
    """Anything that can be set from outside: a `threading.Event`, an `asyncio.Event`, a `trio.Event`."""

    def is_set(self) -> bool:
        """Tell whether the execution is to end."""
        ...


def slices(seconds: float) -> Iterator[float]:
    """Give a sleep out in pieces between which a token is asked.

    >>> [round(piece, 3) for piece in slices(0.25)]
    [0.1, 0.1, 0.05]
    """
    left = seconds
    while left > POLL:
        yield POLL
        left -= POLL
    if left > 0:
        yield left
