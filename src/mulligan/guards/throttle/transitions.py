"""The throttle's transitions: requests and accepts over a sliding window, as one pure step.

    (state, event, now) → (state, answer)

    p = max(0, (requests - k * accepts) / (requests + 1))      Google, SRE book, "Handling Overload"

Rules:
- `requests` counts what is refused here too. Only so is the share that is sent on a fixed point: accepts * k of it. A
  throttle that counts admitted attempts alone lets the load on the other side grow as the root of the demand.
- Chance comes in with the event: an attempt is refused where its draw is below p.
- An attempt that counts as nothing is taken out of the bucket in which it was counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from mulligan._value import Value
from mulligan.guards.buckets import Window, add, add_at, advance, empty, total

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ACCEPTED", "Accepted", "Answer", "Ask", "Event", "Release", "Throttling"]

_REQUEST: Final = (1, 0)
_ACCEPT: Final = (0, 1)
_UNDONE: Final = (-1, 0)


class Ask(Value):
    """An attempt wants to begin.

    Args:
        draw: an even draw from [0, 1).
    """

    draw: float


class Accepted(Value):
    """The other side took an attempt on."""


class Release(Value):
    """An attempt counts as nothing: it was cancelled, never made, or says nothing about the other side.

    Args:
        bucket: where it was counted.
    """

    bucket: int


Event: TypeAlias = Ask | Accepted | Release
ACCEPTED = Accepted()


class Answer(Value):
    """What a transition says.

    Args:
        granted: whether the attempt may begin; true where nobody asked.
        bucket: where it was counted.
        probability: how probable a refusal was.
    """

    granted: bool
    bucket: int
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
        bucket = int(window[0])
        match event:
            case Ask():
                probability = self._probability(window)
                granted = event.draw >= probability
                return add(window, _REQUEST), Answer(granted=granted, bucket=bucket, probability=probability)
            case Accepted():
                after = add(window, _ACCEPT)
            case Release():
                after = add_at(window, event.bucket, _UNDONE)
            case _:
                assert_never(event)
        return after, Answer(granted=True, bucket=bucket, probability=0.0)

    def _probability(self, window: Window) -> float:
        requests, accepts = total(window, 2, 0), total(window, 2, 1)
        return max(0.0, (requests - self.k * accepts) / (requests + 1))

    def gives(self, event: Event, /) -> bool:
        """Tell whether the event asks for a place."""
        return isinstance(event, Ask)

    def undo(self, event: Event, answer: Answer, /) -> Event | None:
        """Answer what takes back an event whose answer came too late."""
        return Release(bucket=answer.bucket) if isinstance(event, Ask) and answer.granted else None

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (self.span, self.buckets, self.k)

    def written(self, event: Event, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        match event:
            case Ask():
                return ("ask", event.draw)
            case Accepted():
                return ("accepted",)
            case Release():
                return ("release", event.bucket)
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
        granted, bucket, probability = answer
        return Answer(granted=granted == "1", bucket=int(bucket), probability=float(probability))
