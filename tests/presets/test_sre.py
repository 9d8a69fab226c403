"""Google's rules for clients: three attempts, retries below a tenth of the requests, the throttle's fixed point."""

from __future__ import annotations

import pytest

from mulligan import no_delay, try_execute
from mulligan.errors import Throttled
from mulligan.guards import AdaptiveThrottle, Budget
from mulligan.presets import sre
from mulligan.testing import virtual_time


class Backend:
    """Takes on so many requests a second, and counts what is sent."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.second, self.taken, self.sent = capacity, -1.0, 0, 0

    def __call__(self, now: float) -> int:
        self.sent += 1
        if now // 1 != self.second:
            self.second, self.taken = now // 1, 0
        self.taken += 1
        if self.taken > self.capacity:
            raise ConnectionError("overloaded")
        return 7


def test_a_request_gets_three_attempts_at_most() -> None:
    """After enough requests without retries, so that neither share nor throttle has a say."""
    backend = Backend(0)
    pipeline = sre(retry_on=(ConnectionError,), schedule=no_delay())
    with virtual_time() as clock:
        for _ in range(100):
            try_execute(pipeline, int, "1")
        assert try_execute(pipeline, backend, clock.monotonic()).attempts == 3


def test_retries_stay_below_a_tenth_of_the_requests_in_an_outage() -> None:
    backend = Backend(0)
    pipeline = sre(retry_on=(ConnectionError,), schedule=no_delay())
    executions = admitted = 0
    with virtual_time() as clock:
        for _ in range(3000):
            before = backend.sent
            try_execute(pipeline, backend, clock.monotonic())
            executions += 1
            admitted += backend.sent > before
    retries = backend.sent - admitted
    assert retries <= 1 + backend.sent / 10


def test_two_attempts_are_sent_for_each_that_is_accepted() -> None:
    backend = Backend(10)
    pipeline = sre(retry_on=(ConnectionError,), schedule=no_delay())
    accepted = sent = 0
    with virtual_time() as clock:
        for second in range(300):
            before = backend.sent
            for _ in range(80):
                answer = try_execute(pipeline, backend, clock.monotonic())
                accepted += hasattr(answer, "value") and second >= 150
            sent += (backend.sent - before) * (second >= 150)
            clock.advance(1)
    assert sent / accepted == pytest.approx(2.0, rel=0.1)


def test_it_looks_back_on_two_minutes() -> None:
    throttle, budget = sre(retry_on=(ConnectionError,)).guards
    assert isinstance(throttle, AdaptiveThrottle)
    assert isinstance(budget, Budget)
    assert (throttle.throttling.k, throttle.throttling.window, budget.accounting.lifetime) == (2, 120, 240)


def test_an_execution_that_the_throttle_refuses_is_no_request_of_the_share() -> None:
    pipeline = sre(retry_on=(ConnectionError,), schedule=no_delay())
    throttle, budget = pipeline.guards
    assert isinstance(throttle, AdaptiveThrottle)
    assert isinstance(budget, Budget)
    with virtual_time() as clock:
        throttle.draw = lambda: 0.9999
        try_execute(pipeline, Backend(0), clock.monotonic())
        level = budget.level()
        throttle.draw = lambda: 0.0
        answer = try_execute(pipeline, Backend(0), clock.monotonic())
        assert isinstance(getattr(answer, "error", None), Throttled)
        assert budget.level() == level
