"""What executions did is recorded, and assertions about it say what happened instead."""

from __future__ import annotations

import pytest

from mulligan import Pipeline, Policy, Reason, constant, execute, no_delay, try_execute
from mulligan.events import EVENTS, Event, Finished, GuardChanged, Nested, Refused, StoreFound, StoreLost
from mulligan.guards import CircuitBreaker, consecutive
from mulligan.testing import RecordedEvents, raises, recording, returns, script, virtual_time

FETCH: Policy[object] = Policy(name="billing.fetch", retry_on=ConnectionError, schedule=constant(2), max_attempts=3)


def recorded(*failures: type[Exception], policy: Policy[object] = FETCH) -> RecordedEvents:
    """Record an execution that fails so, and then succeeds."""
    with virtual_time(), recording() as events:
        try_execute(policy, script(*map(raises, failures), returns("page")))
    return events


def test_retries_and_their_delays_are_there() -> None:
    events = recorded(ConnectionError, ConnectionError)
    assert events.delays == (2.0, 2.0)
    assert [type(event.error) for event in events.retries] == [ConnectionError] * 2
    assert [event.verdict for event in events.attempts] == ["transient", "transient", "accepted"]
    assert [event.reason for event in events.finished] == [Reason.ACCEPTED]


def test_nothing_is_recorded_afterwards() -> None:
    events = recorded()
    execute(FETCH, len, "page")
    assert len(events.finished) == 1


def test_policies_are_told_apart() -> None:
    with recording() as events:
        execute(FETCH, len, "page")
        execute(FETCH.replace(name="other"), len, "page")
    assert [event.policy for event in events.of("other").finished] == ["other"]


def test_guards_are_recorded() -> None:
    breaker = CircuitBreaker("billing", consecutive(1))
    guarded = Pipeline(FETCH.replace(schedule=no_delay()), guards=[breaker])
    with recording() as events:
        try_execute(guarded, script(raises(ConnectionError).forever()))
    assert [(event.before, event.after) for event in events.changes] == [("closed", "open")]
    assert [event.guard for event in events.refusals] == ["billing"]
    assert "billing went from closed to open" in str(events)


class TestAssertions:
    def test_what_holds_passes(self) -> None:
        recorded(ConnectionError).assert_retried().assert_retried(times=1).assert_succeeded(attempts=2)
        recorded().assert_not_retried().assert_succeeded()
        recorded(ValueError).assert_gave_up(reason=Reason.NOT_RETRYABLE, attempts=1)
        recorded(*[ConnectionError] * 3).assert_gave_up().assert_gave_up(reason=Reason.ATTEMPTS, attempts=3)

    def test_what_does_not_hold_says_what_happened(self) -> None:
        with pytest.raises(AssertionError) as caught:
            recorded(ConnectionError).assert_retried(times=2)
        assert str(caught.value) == (
            "2 retries were expected, and 1 made. What happened:\n"
            "billing.fetch: attempt 1 begins\n"
            "billing.fetch: attempt 1 raised ConnectionError: transient\n"
            "billing.fetch: attempt 2 follows after 2 s\n"
            "billing.fetch: attempt 2 begins\n"
            "billing.fetch: attempt 2 returned: accepted\n"
            "billing.fetch: finished after 2 attempts in 2 s: accepted"
        )

    @pytest.mark.parametrize(
        ("check", "message"),
        [
            (lambda: recorded().assert_retried(), "retries were expected, and none made"),
            (lambda: recorded(ConnectionError).assert_not_retried(), "0 retries were expected, and 1 made"),
            (lambda: recorded(ValueError).assert_succeeded(), "success was expected, and 1 of 1 executions failed"),
            (lambda: recorded().assert_succeeded(attempts=2), "2 attempts were expected, and 1 made"),
            (lambda: recorded().assert_gave_up(), "failure was expected, and 1 of 1 executions ended otherwise"),
            (
                lambda: recorded(ValueError).assert_gave_up(reason=Reason.ATTEMPTS),
                "the reason max_attempts was expected, and 1 of 1 executions ended otherwise",
            ),
            (lambda: RecordedEvents().assert_succeeded(), "success was expected, and 0 of 0 executions failed"),
            (lambda: RecordedEvents().assert_gave_up(), "failure was expected, and 0 of 0 executions"),
        ],
    )
    def test_each_says_what_was_expected(self, check: object, message: str) -> None:
        assert callable(check)
        with pytest.raises(AssertionError, match=f"^{message}"):
            check()

    def test_nothing_is_said_to_have_happened(self) -> None:
        with pytest.raises(AssertionError, match=r"What happened:\nnothing$"):
            RecordedEvents().assert_retried()


def test_every_event_has_its_words() -> None:
    events: list[Event] = [
        *(event for event in recorded(ConnectionError).events),
        Refused(policy="", attempt=2, guard="budget", retry_after=None),
        Nested(policy="", attempts=3, inner=4),
        GuardChanged(policy="", guard="breaker", key="", before="closed", after="open"),
        StoreLost(policy="", store="redis", error=TimeoutError),
        StoreFound(policy="", store="redis"),
    ]
    assert {type(event) for event in events} == set(EVENTS)
    assert str(RecordedEvents(events)).splitlines()[-5:] == [
        "(unnamed): budget refused attempt 2",
        "(unnamed): retried inside already: 3 times 4 attempts",
        "(unnamed): breaker went from closed to open",
        "(unnamed): redis does not answer: TimeoutError",
        "(unnamed): redis answers again",
    ]
    assert isinstance(events[-6], Finished)
