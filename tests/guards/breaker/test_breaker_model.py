"""The breaker's transitions against a model that keeps everything and computes from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mulligan.guards import Status, consecutive, count_window, time_window
from mulligan.guards.breaker.states import ASK, Order, Release, Settle
from mulligan.guards.breaker.transitions import Breaking

if TYPE_CHECKING:
    from mulligan.guards import Threshold
    from mulligan.guards.breaker.states import Answer, Event

OPERATORS = (Status.CLOSED, Status.FORCED_OPEN, Status.DISABLED, Status.METRICS_ONLY)
COUNTED = (Status.CLOSED, Status.METRICS_ONLY)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    """Draw any threshold."""
    rate = draw(st.sampled_from([0.1, 0.34, 0.5, 1.0]))
    slow = draw(st.sampled_from([None, 0.5, 1.0]))
    after = None if slow is None else 1.0
    match draw(st.integers(0, 2)):
        case 0:
            return consecutive(draw(st.integers(1, 4)))
        case 1:
            size = draw(st.integers(1, 6))
            minimum = draw(st.integers(1, size))
            return count_window(size, failure_rate=rate, minimum=minimum, slow_rate=slow, slow_after=after)
        case _:
            minimum = draw(st.integers(1, 6))
            return time_window(8, buckets=4, failure_rate=rate, minimum=minimum, slow_rate=slow, slow_after=after)


@st.composite
def breakings(draw: st.DrawFn) -> Breaking:
    """Draw any breaker."""
    permits = draw(st.integers(1, 4))
    return Breaking(
        threshold=draw(thresholds()),
        durations=tuple(draw(st.lists(st.integers(1, 20).map(float), min_size=1, max_size=3))),
        permits=permits,
        successes=draw(st.integers(1, permits)),
        lease=float(draw(st.integers(1, 20))),
    )


class Model(RuleBasedStateMachine):
    """Keeps a list of all calls, and the probes as a list of what became of each."""

    @initialize(breaking=breakings())
    def begin(self, breaking: Breaking) -> None:
        self.breaking = breaking
        self.state = breaking.start()
        self.now = 1000.0
        self.status = Status.CLOSED
        self.calls: list[tuple[float, bool, bool]] = []
        self.openings = 0
        self.until = 0.0
        self.probes: list[bool | None] = []
        self.latest = 0.0
        self.permits: list[tuple[int, int]] = []  # the permit, and the model's era in which it was given
        self.era = 0

    def told(self, event: Event) -> Answer:
        """Move the state on, purely."""
        before = self.state
        after, answer = self.breaking.step(before, event, self.now)
        assert self.breaking.step(before, event, self.now) == (after, answer)
        assert (answer.before, answer.after) == (before.status, after.status)
        self.state = after
        return answer

    def move(self, status: Status) -> None:
        self.status, self.calls, self.probes, self.era = status, [], [], self.era + 1
        if status is Status.OPEN:
            self.openings += 1
            durations = self.breaking.durations
            self.until = self.now + durations[min(self.openings, len(durations)) - 1]
        elif status is not Status.HALF_OPEN:
            self.openings = 0

    def expected_permit(self) -> bool:
        """Tell whether an attempt may begin now, and move on as asking does."""
        match self.status:
            case Status.CLOSED | Status.DISABLED | Status.METRICS_ONLY:
                return True
            case Status.FORCED_OPEN:
                return False
            case Status.OPEN:
                if self.now < self.until:
                    return False
                self.move(Status.HALF_OPEN)
            case Status.HALF_OPEN:
                heard: list[bool | None] = [probe for probe in self.probes if probe is not None]
                if len(self.probes) >= self.breaking.permits:
                    if len(heard) >= self.breaking.permits or self.now < self.latest + self.breaking.lease:
                        return False
                    self.probes, self.era = heard, self.era + 1
        self.probes.append(None)
        self.latest = self.now
        return True

    @rule()
    def ask(self) -> None:
        expected = self.expected_permit()
        answer = self.told(ASK)
        assert (answer.permit is not None) == expected
        if answer.permit is not None:
            self.permits.append((answer.permit, self.era))
        elif self.status is Status.OPEN:
            assert answer.retry_after == self.until - self.now
        else:
            assert answer.retry_after is None

    @precondition(lambda self: bool(self.permits))
    @rule(which=st.integers(0, 99), failed=st.booleans(), slow=st.booleans())
    def settle(self, which: int, failed: bool, slow: bool) -> None:
        permit, era = self.permits.pop(which % len(self.permits))
        slow = slow and self.breaking.threshold.slow_after is not None
        if era == self.era:
            self.count(failed=failed, slow=slow)
        self.told(Settle(permit=permit, failed=failed, slow=slow))

    def count(self, *, failed: bool, slow: bool) -> None:
        if self.status in COUNTED:
            self.calls.append((self.now, failed, slow))
            if self.status is Status.CLOSED and self.is_reached():
                self.move(Status.OPEN)
        elif self.status is Status.HALF_OPEN:
            self.probes[self.probes.index(None)] = not (failed or slow)
            successes, failures = self.probes.count(True), self.probes.count(False)
            if successes == self.breaking.successes:
                self.move(Status.CLOSED)
            elif failures > self.breaking.permits - self.breaking.successes:
                self.move(Status.OPEN)

    def is_reached(self) -> bool:
        """Look at the calls as the threshold's settings say."""
        kind, size, buckets, rate, minimum, slow_rate = self.breaking.threshold.settings()
        if kind == 0:
            last = self.calls[-int(size) :]
            return len(last) == size and all(failed for _, failed, _ in last)
        if kind == 1:
            seen = self.calls[-int(size) :]
        else:
            newest = self.now // size
            seen = [call for call in self.calls if newest - call[0] // size < buckets]
        failures = sum(failed for _, failed, _ in seen)
        slow = sum(slow for _, _, slow in seen)
        return len(seen) >= minimum and (failures >= rate * len(seen) or slow >= slow_rate * len(seen))

    @precondition(lambda self: bool(self.permits))
    @rule(which=st.integers(0, 99))
    def release(self, which: int) -> None:
        permit, era = self.permits.pop(which % len(self.permits))
        before = self.status, list(self.calls)
        if era == self.era and self.status is Status.HALF_OPEN:
            self.probes.remove(None)
        self.told(Release(permit=permit))
        assert (self.status, self.calls) == before

    @rule(to=st.sampled_from(OPERATORS))
    def order(self, to: Status) -> None:
        self.move(to)
        self.told(Order(to))

    @rule(seconds=st.integers(0, 12))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def statuses_agree(self) -> None:
        assert self.state.status is self.status


TestBreakerAgainstItsModel = Model.TestCase
