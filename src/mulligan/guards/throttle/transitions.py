"""The throttle's transitions: requests and accepts over a sliding window, as one pure step.

    (state, event, now) → (state, answer)

    p = max(0, (requests - k * accepts) / (requests + 1))      Google, SRE book, "Handling Overload"

Rules:
- `requests` counts what is refused here too. Only so is the share that is sent on a fixed point: accepts * k of it. A
  throttle that counts admitted attempts alone lets the load on the other side grow as the root of the demand.
- An attempt is counted when it ends, for until then nobody knows whether it is accepted: a burst at the start is no
  overload. One that counts as nothing is never counted.
- Chance comes in with the event: an attempt is refused where its draw is below p.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from mulligan._value import Value
from mulligan.guards.buckets import Window, add, advance, empty, total

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Answer", "Ask", "Event", "Settle", "Throttling"]

_REFUSED: Final = (1, 0)


class Ask(Value):
    """An attempt wants to begin.

    Args:
        draw: an even draw from [0, 1).
    """

    draw: float


class Settle(Value):
    """An attempt has ended, and counts.

    Args:
        accepted: whether the other side took it on.
    """

    accepted: bool


Event: TypeAlias = Ask | Settle


class Answer(Value):
    """What a transition says.

    Args:
        granted: whether the attempt may begin; true where nobody asked.
        probability: how probable a refusal was.
    """

    granted: bool
    probability: float


class Throttling(Value):
    """The pure part of an adaptive throttle.

    Args:
        k: how many requests are let through for each that is accepted.
        window: seconds that are looked back on.
        buckets: how many parts the window moves on in.
    """

    k: float
    window: float
    buckets: int

    @property
    def script(self) -> str:
        """The folder of the script."""
        return "throttle"

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
        """Answer a window without requests."""
        return empty(self.buckets, 2)

    def is_quiet(self, state: Window, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: each attempt is counted."""
        return False

    def probability(self, state: Window, now: float, /) -> float:
        """Answer how probable a refusal is."""
        return self._probability(advance(state, self.span, 2, now))

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        window = advance(state, self.span, 2, now)
        match event:
            case Ask():
                probability = self._probability(window)
                granted = event.draw >= probability
                after = window if granted else add(window, _REFUSED)
                return after, Answer(granted=granted, probability=probability)
            case Settle():
                return add(window, (1, int(event.accepted))), Answer(granted=True, probability=0.0)
            case _:
                assert_never(event)

    def _probability(self, window: Window) -> float:
        requests, accepts = total(window, 2, 0), total(window, 2, 1)
        return max(0.0, (requests - self.k * accepts) / (requests + 1))

    def gives(self, event: Event, /) -> bool:
        """Tell whether the event asks for something: leave to begin, which nobody waits for any more."""
        return isinstance(event, Ask)

    def undo(self, event: Event, answer: Answer, /) -> Event | None:  # noqa: ARG002 - the protocol's
        """Answer nothing: leave to begin need not be given back."""
        return None

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (self.span, self.buckets, self.k)

    def written(self, event: Event, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        match event:
            case Ask():
                return ("ask", event.draw)
            case Settle():
                return ("settle", int(event.accepted))
            case _:
                assert_never(event)

    def dumped(self, state: Window, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        return state

    def loaded(self, words: Sequence[str], /) -> Window:
        """Answer the state that the script keeps."""
        return tuple(float(word) for word in words)

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        granted, probability = answer
        return Answer(granted=granted == "1", probability=float(probability))
