"""The breaker in executions: every status, every threshold, growing durations, probes, and what counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan import Failed, Policy, Succeeded, from_delays
from mulligan.classify import ACCEPT, FAIL, TRANSIENT
from mulligan.errors import BreakerOpen
from mulligan.events import GuardChanged
from mulligan.guards import CircuitBreaker, Status, consecutive, count_window, time_window
from mulligan.guards.breaker.table import TABLE, Occurrence
from mulligan.outcome import Raised
from mulligan.schedules import exponential, full_jitter
from mulligan.testing import virtual_time
from tests.guards.machines import Player, down, up, window_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.classify import Verdict
    from mulligan.outcome import Outcome
    from mulligan.testing import VirtualClock


@pytest.fixture
def clock() -> Iterator[VirtualClock]:
    with virtual_time() as started:
        yield started


def play(breaker: CircuitBreaker, script: str) -> str:
    """Play + for a success and - for a failure; answer what became of each: + - or ! where it was refused."""
    player = Player([breaker])
    found = ""
    for step in script:
        answer = player.play(up if step == "+" else down)
        refused = isinstance(answer, Failed) and isinstance(answer.error, BreakerOpen)
        found += "!" if refused else "+" if isinstance(answer, Succeeded) else "-"
    return found


@pytest.mark.usefixtures("clock")
class TestThresholds:
    def test_failures_in_a_row_open_it(self) -> None:
        assert play(CircuitBreaker("b", consecutive(3)), "--+---++") == "--+---!!"

    def test_a_rate_among_the_last_calls_opens_it(self) -> None:
        breaker = CircuitBreaker("b", count_window(4, failure_rate=0.5))
        assert play(breaker, "---") == "---"  # below the minimum
        assert play(breaker, "++") == "+!"

    def test_the_oldest_call_leaves_a_count_window(self) -> None:
        breaker = CircuitBreaker("b", count_window(4, failure_rate=0.75))
        assert play(breaker, "-+++--+--") == "-+++--+-!"

    def test_a_rate_within_a_time_opens_it(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", time_window(10, failure_rate=0.5, minimum=4))
        assert play(breaker, "--") == "--"
        clock.advance(20)  # forgotten
        assert play(breaker, "+-+-+") == "+-+-!"

    def test_slow_calls_open_it_although_they_succeed(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", time_window(60, minimum=4, slow_rate=0.5, slow_after=1))
        player = Player([breaker])

        def slow() -> int:
            clock.advance(1.0)
            return 7

        for operation in (up, slow, up, slow):
            assert isinstance(player.play(operation), Succeeded)
        assert breaker.status() is Status.OPEN

    def test_calls_just_below_the_limit_are_not_slow(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", count_window(2, slow_rate=0.5, slow_after=1))
        player = Player([breaker])

        def quick() -> int:
            clock.advance(0.999)
            return 7

        for _ in range(4):
            player.play(quick)
        assert breaker.status() is Status.CLOSED


class TestOpen:
    def test_it_opens_for_a_constant_time(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", consecutive(1), open_for=5)
        assert play(breaker, "-+") == "-!"
        clock.advance(4.9)
        assert play(breaker, "+") == "!"
        clock.advance(0.2)
        assert play(breaker, "+") == "+"
        assert breaker.status() is Status.CLOSED

    def test_openings_in_a_row_grow_by_the_schedule_and_its_last_delay_repeats(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", consecutive(1), open_for=from_delays([1, 2, 4]))
        assert play(breaker, "-") == "-"
        for seconds in (1, 2, 4, 4, 4):
            clock.advance(seconds - 0.1)
            assert play(breaker, "+") == "!"
            clock.advance(0.2)
            assert play(breaker, "-") == "-"  # the probe that fails opens it for the next duration of the same schedule

    def test_a_recovery_begins_the_durations_anew(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", consecutive(1), open_for=exponential(1, cap=60))
        play(breaker, "-")
        for seconds in (1, 2):
            clock.advance(seconds)
            play(breaker, "-")
        clock.advance(4)
        assert play(breaker, "+-") == "+-"
        clock.advance(1)
        assert play(breaker, "+") == "+"

    def test_jittered_durations_are_drawn_once_for_the_breaker(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", consecutive(1), open_for=exponential(10, cap=60).jittered(full_jitter()))
        found: list[float] = []
        for _ in range(2):
            breaker.reset()
            player = Player([breaker])
            player.play(down)
            answer = player.play(up)
            assert isinstance(answer, Failed)
            assert isinstance(answer.error, BreakerOpen)
            found.append(answer.error.retry_after or 0)
        assert found[0] == pytest.approx(found[1])
        assert 0 < found[0] <= 10


class TestHalfOpen:
    def half_open(self, clock: VirtualClock, permits: int, successes: int) -> CircuitBreaker:
        breaker = CircuitBreaker("b", consecutive(1), open_for=1, permits=permits, successes=successes)
        play(breaker, "-")
        clock.advance(1)
        return breaker

    def test_enough_successes_close_it(self, clock: VirtualClock) -> None:
        breaker = self.half_open(clock, 3, 2)
        assert play(breaker, "+") == "+"
        assert breaker.status() is Status.HALF_OPEN
        assert play(breaker, "-") == "-"
        assert breaker.status() is Status.HALF_OPEN
        assert play(breaker, "+") == "+"
        assert breaker.status() is Status.CLOSED

    def test_it_opens_again_once_so_many_successes_are_no_longer_possible(self, clock: VirtualClock) -> None:
        breaker = self.half_open(clock, 3, 2)
        assert play(breaker, "--+") == "--!"

    def test_a_slow_probe_counts_as_a_failed_one(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", count_window(1, slow_rate=1.0, slow_after=1), open_for=1)
        player = Player([breaker])
        player.play(down)
        clock.advance(1)

        def slow() -> int:
            clock.advance(2)
            return 7

        assert isinstance(player.play(slow), Succeeded)
        assert breaker.status() is Status.OPEN

    def test_a_probe_that_no_attempt_would_mend_gives_its_permit_back(self, clock: VirtualClock) -> None:
        breaker = self.half_open(clock, 1, 1)

        def wrong() -> int:
            raise ValueError("wrong")

        Player([breaker]).play(wrong)
        assert breaker.status() is Status.HALF_OPEN
        assert play(breaker, "+") == "+"


@pytest.mark.usefixtures("clock")
class TestOrders:
    def test_forced_open_refuses_until_it_is_reset(self, clock: VirtualClock) -> None:
        breaker = CircuitBreaker("b", consecutive(1), open_for=1)
        breaker.force_open()
        clock.advance(1e6)
        assert play(breaker, "++") == "!!"
        breaker.reset()
        assert play(breaker, "+-+") == "+-!"

    def test_disabled_lets_all_begin_and_counts_none(self) -> None:
        breaker = CircuitBreaker("b", consecutive(1))
        breaker.disable()
        assert play(breaker, "--+--") == "--+--"
        assert breaker.status() is Status.DISABLED
        breaker.reset()
        assert play(breaker, "+-+") == "+-!"

    def test_metrics_only_counts_and_never_opens(self) -> None:
        breaker = CircuitBreaker("b", consecutive(2))
        breaker.observe_only()
        assert play(breaker, "----") == "----"
        assert breaker.status() is Status.METRICS_ONLY
        assert window_of(breaker) == (4,)

    def test_dependencies_are_ordered_one_by_one(self) -> None:
        breaker = CircuitBreaker("b", key="one")
        breaker.force_open("other")
        assert play(breaker, "+") == "+"
        assert breaker.status("other") is Status.FORCED_OPEN


@pytest.mark.usefixtures("clock")
class TestWhatCounts:
    def test_a_classifier_may_count_values(self) -> None:
        def classify(outcome: Outcome[object]) -> Verdict:
            return FAIL if isinstance(outcome, Raised) else TRANSIENT if outcome.value == 7 else ACCEPT

        breaker = CircuitBreaker("b", consecutive(2), classify=classify)
        assert play(breaker, "-+-+") == "-+-+"
        assert breaker.status() is Status.OPEN

    def test_the_policys_errors_count_where_there_is_no_classifier(self) -> None:
        breaker = CircuitBreaker("b", consecutive(1))
        player = Player([breaker], Policy(retry_on=TimeoutError, max_attempts=1))
        player.play(down)
        assert breaker.status() is Status.CLOSED


def test_each_change_of_status_is_told_once(clock: VirtualClock) -> None:
    breaker = CircuitBreaker("b", consecutive(1), open_for=1)
    player = Player([breaker])
    for operation in (down, up):
        player.play(operation)
    clock.advance(1)
    player.play(up)
    changes = [(event.before, event.after) for event in player.events if isinstance(event, GuardChanged)]
    assert changes == [("closed", "open"), ("open", "half_open"), ("half_open", "closed")]


def test_every_status_can_be_left_and_reached() -> None:
    assert {status for status, _ in TABLE} == set(Status) == set(TABLE.values())
    assert {occurrence for _, occurrence in TABLE} == set(Occurrence)
