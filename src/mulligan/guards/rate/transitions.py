"""The failure rate's transitions: calls and failures over a sliding window, as one pure step.

    (state, event, now) → (state, answer)

Rules: below a minimum of calls the rate is 0, because a few failures say little. Old calls leave the window by
themselves, so a dependency that nobody calls is thought well of again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.guards.buckets import Window, add, advance, empty, total

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Observing(Value):
    """The pure part of a failure rate.

    Args:
        window: seconds that are looked back on.
        buckets: how many parts the window moves on in.
        minimum: how many calls must have been seen within the window.
    """

    window: float
    buckets: int
    minimum: int

    @property
    def script(self) -> str:
        """The folder of the script."""
        return "rate"

    @property
    def preface(self) -> str:
        """Nothing is put before the script."""
        return ""

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on: all of the settings."""
        return self.settings()

    @property
    def lifetime(self) -> float:
        """Twice the window."""
        return 2 * self.window

    @property
    def span(self) -> float:
        """Seconds of a bucket."""
        return self.window / self.buckets

    def start(self) -> Window:
        """Answer a window without calls."""
        return empty(self.buckets, 2)

    def is_quiet(self, state: Window, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: each attempt is counted."""
        return False

    def rate(self, state: Window, now: float, /) -> float:
        """Answer the share of failures."""
        return self._rate(advance(state, self.span, 2, now))

    def step(self, state: Window, event: Settle, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        window = add(advance(state, self.span, 2, now), (1, int(event.failed)))
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

    def dumped(self, state: Window, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        return state

    def loaded(self, words: Sequence[str], /) -> Window:
        """Answer the state that the script keeps."""
        return tuple(float(word) for word in words)

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        return Answer(rate=float(answer[0]))
