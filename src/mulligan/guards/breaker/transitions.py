"""The breaker's transitions: one table of statuses, and the pure step that moves by it.

    (state, event, now) → (state, answer)

Rules:
- The status changes only through `TABLE`; the documentation's diagram and the script for other stores are made from it.
- Where an open breaker's time is over, the next attempt that asks becomes the first probe: nothing happens by itself.
- In half_open at most `permits` probes are let through. `successes` of them close the breaker; once so many are no
  longer possible it opens again, for the next of its durations. A slow probe counts as a failed one.
- A probe that was let through and never heard of again is given up `lease` seconds after the latest one.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, assert_never

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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan.guards.breaker.thresholds import Threshold

__all__ = ["TABLE", "Breaking", "Occurrence"]


class Occurrence(StrEnum):
    """What makes a breaker change its status."""

    TRIPPED = "the threshold is reached"
    RESTED = "an attempt asks after the open duration"
    RECOVERED = "enough probes succeeded"
    RELAPSED = "too many probes failed"
    FORCED = "force_open()"
    SWITCHED_OFF = "disable()"
    OBSERVED = "observe_only()"
    RESET = "reset()"


def _table() -> dict[tuple[Status, Occurrence], Status]:
    own = {
        (Status.CLOSED, Occurrence.TRIPPED): Status.OPEN,
        (Status.OPEN, Occurrence.RESTED): Status.HALF_OPEN,
        (Status.HALF_OPEN, Occurrence.RECOVERED): Status.CLOSED,
        (Status.HALF_OPEN, Occurrence.RELAPSED): Status.OPEN,
    }
    orders = {
        Occurrence.FORCED: Status.FORCED_OPEN,
        Occurrence.SWITCHED_OFF: Status.DISABLED,
        Occurrence.OBSERVED: Status.METRICS_ONLY,
        Occurrence.RESET: Status.CLOSED,
    }
    return own | {(status, order): to for status in Status for order, to in orders.items()}


TABLE: Final[Mapping[tuple[Status, Occurrence], Status]] = _table()
ORDERS: Final = {
    Status.FORCED_OPEN: Occurrence.FORCED,
    Status.DISABLED: Occurrence.SWITCHED_OFF,
    Status.METRICS_ONLY: Occurrence.OBSERVED,
    Status.CLOSED: Occurrence.RESET,
}


class Breaking(Value):
    """The pure part of a circuit breaker.

    Args:
        threshold: when it opens.
        durations: seconds for which it stays open the first time, the second time, and so on; the last one repeats.
        permits: how many probes are let through in half_open.
        successes: how many of them must succeed.
        lease: seconds after which a probe that was never heard of again is given up.
    """

    threshold: Threshold
    durations: tuple[float, ...]
    permits: int
    successes: int
    lease: float

    @property
    def script(self) -> str:
        """The folder of the script."""
        return "breaker"

    @property
    def preface(self) -> str:
        """The table for the script."""
        rows = ", ".join(f"['{status} {occurrence.name}'] = '{to}'" for (status, occurrence), to in TABLE.items())
        return f"local TABLE = {{{rows}}}"

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on: the threshold's window."""
        return self.threshold.settings()

    @property
    def lifetime(self) -> float:
        """Seconds after which nothing is left to say: the longest opening, what follows it, and a day.

        The script keeps what an operator ordered for thirty days after somebody asked last.
        """
        return max(self.durations) + self.lease + 86_400.0

    def start(self) -> State:
        """Answer a closed breaker that has seen nothing."""
        return Closed(generation=0, window=self.threshold.start())

    def is_quiet(self, state: State, /) -> bool:
        """Tell whether attempts may begin and a success changes nothing."""
        return isinstance(state, Disabled) or (isinstance(state, Closed) and self.threshold.is_clean(state.window))

    def step(self, state: State, event: Event, now: float, /) -> tuple[State, Answer]:
        """Answer the next state and what it says."""
        match event:
            case Ask():
                return self._ask(state, now)
            case Settle():
                after = self._counted(state, event, now) if event.permit == state.generation else state
            case Release():
                after = self._release(state) if event.permit == state.generation else state
            case Order():
                after = self._moved(state, ORDERS[event.to], now)
            case _:
                assert_never(event)
        return after, _said(state, after, None, now)

    def _ask(self, state: State, now: float) -> tuple[State, Answer]:
        match state:
            case Closed() | Disabled() | MetricsOnly():
                return state, _unmoved(state.status, state.generation)
            case Open() if now >= state.until:
                after = self._moved(state, Occurrence.RESTED, now)
                return after, _said(state, after, after.generation, now)
            case HalfOpen():
                after = self._probed(state, now)
                return after, _said(state, after, None if after is state else after.generation, now)
            case Open() | ForcedOpen():
                return state, _said(state, state, None, now)
            case _:
                assert_never(state)

    def _probed(self, state: HalfOpen, now: float) -> HalfOpen:
        """Let one more probe through, where one is left or the ones before are lost."""
        if state.granted < self.permits:
            return _half_open(state, granted=state.granted + 1, latest=now)
        heard = state.successes + state.failures
        if heard < self.permits and now >= state.latest + self.lease:
            return _half_open(state, generation=state.generation + 1, granted=heard + 1, latest=now)
        return state

    def _counted(self, state: State, event: Settle, now: float) -> State:
        match state:
            case Closed():
                window = self.threshold.observe(state.window, now, failed=event.failed, slow=event.slow)
                if self.threshold.is_reached(window):
                    return self._moved(state, Occurrence.TRIPPED, now)
                return state if window is state.window else Closed(generation=state.generation, window=window)
            case MetricsOnly():
                window = self.threshold.observe(state.window, now, failed=event.failed, slow=event.slow)
                return MetricsOnly(generation=state.generation, window=window)
            case HalfOpen():
                return self._heard(state, now, failed=event.failed or event.slow)
            case Open() | ForcedOpen() | Disabled():
                return state
            case _:
                assert_never(state)

    def _heard(self, state: HalfOpen, now: float, *, failed: bool) -> State:
        """Count a probe."""
        successes, failures = state.successes + (not failed), state.failures + failed
        if successes >= self.successes:
            return self._moved(state, Occurrence.RECOVERED, now)
        if failures > self.permits - self.successes:
            return self._moved(state, Occurrence.RELAPSED, now)
        return _half_open(state, successes=successes, failures=failures)

    def _release(self, state: State) -> State:
        if isinstance(state, HalfOpen) and state.granted > state.successes + state.failures:
            return _half_open(state, granted=state.granted - 1)
        return state

    def _moved(self, state: State, occurrence: Occurrence, now: float) -> State:
        """Answer the state that the table says, in a new generation."""
        generation = state.generation + 1
        target = TABLE[state.status, occurrence]
        match target:
            case Status.CLOSED:
                return Closed(generation=generation, window=self.threshold.start())
            case Status.OPEN:
                openings = _openings(state) + 1
                until = now + self.durations[min(openings, len(self.durations)) - 1]
                return Open(generation=generation, openings=openings, until=until)
            case Status.HALF_OPEN:
                return HalfOpen(
                    generation=generation,
                    openings=_openings(state),
                    granted=1,
                    latest=now,
                    successes=0,
                    failures=0,
                )
            case Status.FORCED_OPEN:
                return ForcedOpen(generation=generation)
            case Status.DISABLED:
                return Disabled(generation=generation)
            case Status.METRICS_ONLY:
                return MetricsOnly(generation=generation, window=self.threshold.start())
            case _:
                assert_never(target)

    def gives(self, event: Event, /) -> bool:
        """Tell whether the event asks for a permit."""
        return isinstance(event, Ask)

    def undo(self, event: Event, answer: Answer, /) -> Event | None:
        """Answer the release of a permit that came too late."""
        if isinstance(event, Ask) and answer.permit is not None:
            return Release(permit=answer.permit)
        return None

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (*self.threshold.settings(), self.permits, self.successes, self.lease, *self.durations)

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
                openings, granted, latest, successes, failures = numbers
                return HalfOpen(
                    generation=generation,
                    openings=int(openings),
                    granted=int(granted),
                    latest=latest,
                    successes=int(successes),
                    failures=int(failures),
                )
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


def _openings(state: State) -> int:
    return state.openings if isinstance(state, HalfOpen | Open) else 0


def _half_open(
    state: HalfOpen,
    *,
    generation: int | None = None,
    granted: int | None = None,
    latest: float | None = None,
    successes: int | None = None,
    failures: int | None = None,
) -> HalfOpen:
    return HalfOpen(
        generation=state.generation if generation is None else generation,
        openings=state.openings,
        granted=state.granted if granted is None else granted,
        latest=state.latest if latest is None else latest,
        successes=state.successes if successes is None else successes,
        failures=state.failures if failures is None else failures,
    )


@lru_cache(maxsize=256)
def _unmoved(status: Status, permit: int | None) -> Answer:
    """Answer what is said most: the same value each time, because making one takes longer than all the rest."""
    return Answer(permit=permit, retry_after=None, before=status, after=status)


def _said(before: State, after: State, permit: int | None, now: float) -> Answer:
    if before is after and not isinstance(after, Open):
        return _unmoved(after.status, permit)
    retry_after = max(after.until - now, 0.0) if isinstance(after, Open) else None
    return Answer(permit=permit, retry_after=retry_after, before=before.status, after=after.status)
