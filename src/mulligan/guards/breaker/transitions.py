"""The breaker's transitions: the pure step that moves by the table of statuses.

    (state, event, now) → (state, answer)

Rules:
- The status changes only through `table.TABLE`.
- Where an open breaker's time is over, the next attempt that asks becomes the first probe: nothing happens by itself.
- In half_open at most `permits` probes are let through. `successes` of them close the breaker; once so many are no
  longer possible it opens again, for the next of its durations. A slow probe counts as a failed one.
- A probe that was let through and never heard of again is given up `lease` seconds after the latest one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

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
from mulligan.guards.breaker.table import ORDERS, TABLE, Occurrence
from mulligan.guards.breaker.words import Worded

if TYPE_CHECKING:
    from mulligan.guards.breaker.thresholds import Threshold

__all__ = ["Breaking"]


class Breaking(Worded):
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
                return state, _answer(state.status, state.status, state.generation)
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
            return state.replace(granted=state.granted + 1, latest=now)
        heard = state.successes + state.failures
        if heard < self.permits and now >= state.latest + self.lease:
            return state.replace(generation=state.generation + 1, granted=heard + 1, latest=now)
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
        return state.replace(successes=successes, failures=failures)

    def _release(self, state: State) -> State:
        if isinstance(state, HalfOpen) and state.granted > state.successes + state.failures:
            return state.replace(granted=state.granted - 1)
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


def _openings(state: State) -> int:
    return state.openings if isinstance(state, HalfOpen | Open) else 0


def _said(before: State, after: State, permit: int | None, now: float) -> Answer:
    if isinstance(after, Open):
        retry_after = max(after.until - now, 0.0)
        return Answer(permit=permit, retry_after=retry_after, before=before.status, after=after.status)
    return _answer(before.status, after.status, permit)


@lru_cache(maxsize=256)
def _answer(before: Status, after: Status, permit: int | None) -> Answer:
    """Answer what is said most: the same value each time, because making one takes longer than all the rest."""
    return Answer(permit=permit, retry_after=None, before=before, after=after)
