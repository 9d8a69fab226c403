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
from mulligan.guards.buckets import add, total
from mulligan.guards.counting import Windowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan.guards.buckets import Window

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


_COUNTED: Final = Answer(granted=True, probability=0.0)


class Throttling(Windowed):
    """The pure part of an adaptive throttle.

    Args:
        k: how many requests are let through for each that is accepted.
    """

    k: float
    script = "throttle"
    width = 2

    def probability(self, state: Window, now: float, /) -> float:
        """Answer how probable a refusal is."""
        return self._probability(self.at(state, now))

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        window = self.at(state, now)
        match event:
            case Ask():
                probability = self._probability(window)
                granted = event.draw >= probability
                after = window if granted else add(window, _REFUSED)
                return after, Answer(granted=granted, probability=probability)
            case Settle():
                return add(window, (1, int(event.accepted))), _COUNTED
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

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        granted, probability = answer
        return Answer(granted=granted == "1", probability=float(probability))
