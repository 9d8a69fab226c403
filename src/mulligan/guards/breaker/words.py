"""A breaker's events, states and answers as its script writes and reads them.

Rules: a state's words are its status, its generation, and the numbers of its own, in the order of `states.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from mulligan._value import Value
from mulligan.guards.breaker.states import (
    Answer,
    Ask,
    Closed,
    Disabled,
    Event,
    ForcedOpen,
    HalfOpen,
    MetricsOnly,
    Open,
    Order,
    Release,
    Settle,
    State,
    Status,
)
from mulligan.guards.breaker.table import ORDERS, TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Worded"]


class Worded(Value):
    """What a breaker's script is told, and what it tells."""

    script = "breaker"

    @property
    def preface(self) -> str:
        """The table for the script."""
        rows = ", ".join(f"['{status} {occurrence.name}'] = '{to}'" for (status, occurrence), to in TABLE.items())
        return f"local TABLE = {{{rows}}}"

    def written(self, event: Event, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        match event:
            case Ask():
                return ("ask",)
            case Settle():
                return ("settle", event.permit, int(event.failed), int(event.slow))
            case Release():
                return ("release", event.permit)
            case Order():
                return ("order", ORDERS[event.to].name)
            case _:
                assert_never(event)

    def dumped(self, state: State, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        head = (state.status.value, state.generation)
        match state:
            case Closed() | MetricsOnly():
                return (*head, *state.window)
            case Open():
                return (*head, state.openings, state.until)
            case HalfOpen():
                return (*head, state.openings, state.granted, state.latest, state.successes, state.failures)
            case ForcedOpen() | Disabled():
                return head
            case _:
                assert_never(state)

    def loaded(self, words: Sequence[str], /) -> State:
        """Answer the state that the script keeps."""
        status, generation = Status(words[0]), int(words[1])
        numbers = tuple(float(word) for word in words[2:])
        match status:
            case Status.CLOSED:
                return Closed(generation=generation, window=numbers)
            case Status.METRICS_ONLY:
                return MetricsOnly(generation=generation, window=numbers)
            case Status.OPEN:
                return Open(generation=generation, openings=int(numbers[0]), until=numbers[1])
            case Status.HALF_OPEN:
                return _half_open(generation, numbers)
            case Status.FORCED_OPEN:
                return ForcedOpen(generation=generation)
            case Status.DISABLED:
                return Disabled(generation=generation)
            case _:
                assert_never(status)

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        permit, retry_after, before, after = answer
        return Answer(
            permit=int(permit) if permit else None,
            retry_after=float(retry_after) if retry_after else None,
            before=Status(before),
            after=Status(after),
        )


def _half_open(generation: int, numbers: Sequence[float]) -> HalfOpen:
    openings, granted, latest, successes, failures = numbers
    return HalfOpen(
        generation=generation,
        openings=int(openings),
        granted=int(granted),
        latest=latest,
        successes=int(successes),
        failures=int(failures),
    )
