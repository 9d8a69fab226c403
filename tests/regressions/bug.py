"""A bug of another library, and what the programs that show one share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import retrying  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] - it brings none
import tenacity

from mulligan import Policy, no_delay

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["POLICY", "RETRYING", "THRICE", "Bug", "counting", "fails"]

POLICY = Policy(retry_on=ConnectionError, schedule=no_delay())
THRICE = tenacity.stop_after_attempt(3)
RETRYING: Callable[..., Callable[[Callable[[], None]], Callable[[], None]]] = getattr(retrying, "retry")  # noqa: B009


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """One bug: what it is, whose it is, and the two programs that answer whether it shows."""

    what: str
    library: str
    original: Callable[[], bool]
    ours: Callable[[], bool]


def counting(calls: list[int]) -> Callable[[], None]:
    """Answer an operation that always fails and counts its calls."""

    def operation() -> None:
        calls.append(1)
        raise ConnectionError

    return operation


def fails(operation: Callable[[], object]) -> None:
    """Call it, and drop the operation's error."""
    try:
        operation()
    except ConnectionError:
        return
