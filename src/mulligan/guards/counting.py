"""What strategies share whose state is a flat tuple of numbers, and those of them that look back on a window of time.

Rules: all settings of such a strategy shape its state, so states of other settings are kept elsewhere. A window forgets
by itself: after twice its length nothing is left to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.guards.buckets import advance, empty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import ClassVar

    from mulligan.guards.buckets import Window

__all__ = ["Counting", "Windowed"]


class Counting(Value):
    """A strategy whose state is a flat tuple of numbers."""

    if TYPE_CHECKING:  # each strategy brings them

        def settings(self) -> tuple[str | float, ...]:
            """Answer what the script needs to know."""
            ...

    preface = ""

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on: all of the settings."""
        return self.settings()

    def dumped(self, state: Window, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        return state

    def loaded(self, words: Sequence[str], /) -> Window:
        """Answer the state that the script keeps."""
        return tuple(float(word) for word in words)


class Windowed(Counting):
    """A strategy that counts in a sliding window.

    Args:
        window: seconds that are looked back on.
        buckets: how many parts the window moves on in.
    """

    window: float
    buckets: int
    width: ClassVar[int]  # how many counters a bucket has

    @property
    def span(self) -> float:
        """Seconds of a bucket."""
        return self.window / self.buckets

    @property
    def lifetime(self) -> float:
        """Twice the window."""
        return 2 * self.window

    def start(self) -> Window:
        """Answer a window in which nothing was counted."""
        return empty(self.buckets, self.width)

    def is_quiet(self, state: Window, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: a window counts successes too."""
        return False

    def at(self, state: Window, now: float, /) -> Window:
        """Answer a state as it is at an instant."""
        return advance(state, self.span, self.width, now)
