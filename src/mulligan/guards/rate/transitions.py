"""The failure rate's transitions: calls and failures over a sliding window, as one pure step.

    (state, event, now) → state

Rules: below a minimum of calls the rate is 0, because a few failures say little. Old calls leave the window by
themselves, so a dependency that nobody calls is thought well of again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.guards.buckets import add, total
from mulligan.guards.counting import Windowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan.guards.buckets import Window

__all__ = ["Observing", "Settle"]


class Settle(Value):
    """An attempt has ended, and counts.

    Args:
        failed: whether it failed.
    """

    failed: bool


class Observing(Windowed):
    """The pure part of a failure rate.

    Args:
        minimum: how many calls must have been seen within the window.
    """

    minimum: int
    script = "rate"
    width = 2

    def rate(self, state: Window, now: float, /) -> float:
        """Answer the share of failures, from 0 to 1."""
        window = self.at(state, now)
        calls = total(window, 2, 0)
        return total(window, 2, 1) / calls if calls >= self.minimum else 0.0

    def step(self, state: Window, event: Settle, now: float, /) -> tuple[Window, None]:
        """Answer the next state; there is nothing else to be said."""
        return add(self.at(state, now), (1, int(event.failed))), None

    def gives(self, event: Settle, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: what is counted is counted."""
        return False

    def undo(self, event: Settle, answer: None, /) -> None:
        """Answer nothing: what was counted late is counted."""

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (self.span, self.buckets)

    def written(self, event: Settle, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        return (int(event.failed),)

    def read(self, answer: Sequence[str], /) -> None:
        """Answer what the script's answer means: nothing."""
