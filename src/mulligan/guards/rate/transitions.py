"""The failure rate's transitions: calls and failures over a sliding window, as one pure step.

    (state, event, now) → (state, answer)

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

__all__ = ["Answer", "Observing", "Settle"]


class Settle(Value):
    """An attempt has ended, and counts.

    Args:
        failed: whether it failed.
    """

    failed: bool


class Answer(Value):
    """What a transition says.

    Args:
        rate: the share of failures, from 0 to 1.
    """

    rate: float


class Observing(Windowed):
    """The pure part of a failure rate.

    Args:
        minimum: how many calls must have been seen within the window.
    """

    minimum: int
    script = "rate"
    width = 2

    def rate(self, state: Window, now: float, /) -> float:
        """Answer the share of failures."""
        return self._rate(self.at(state, now))

    def step(self, state: Window, event: Settle, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        window = add(self.at(state, now), (1, int(event.failed)))
        return window, Answer(rate=self._rate(window))

    def _rate(self, window: Window) -> float:
        calls = total(window, 2, 0)
        return total(window, 2, 1) / calls if calls >= self.minimum else 0.0

    def gives(self, event: Settle, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: what is counted is counted."""
        return False

    def undo(self, event: Settle, answer: Answer, /) -> Settle | None:  # noqa: ARG002 - the protocol's
        """Answer nothing: what was counted late is counted."""
        return None

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (self.span, self.buckets, self.minimum)

    def written(self, event: Settle, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        return ("settle", int(event.failed))

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        return Answer(rate=float(answer[0]))
