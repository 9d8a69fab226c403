"""A client calls a server through an outage: what reaches the server, and what the client's metrics say of it.

The server is up for 10 s, fails for 30 s (503 and connection resets in turn), and recovers. The client asks ten times a
second, in virtual time, over real connections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from prometheus_client import CollectorRegistry

from mulligan import Pipeline, Policy, exponential, full_jitter
from mulligan.errors import BreakerOpen
from mulligan.guards import Budget, CircuitBreaker, consecutive, quota
from mulligan.observe import Prometheus
from mulligan.testing import FaultServer, RecordedEvents, Reply, Request, VirtualClock, reset, respond, virtual_time
from tests.integrations.clients import CLIENTS, Answer, Client, Setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.guards.protocol import AnyGuard
    from mulligan.testing import Exchange

FAILS, RECOVERS, ENDS = 10.0, 40.0, 60.0
PACE = 0.1
ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the client saw and counted, and what the server wrote down."""

    answers: list[tuple[float, Answer | Exception]]
    log: list[Exchange]
    registry: CollectorRegistry
    events: RecordedEvents

    def metric(self, name: str, **labels: str) -> float:
        """Answer a counter of the client's metrics, 0 where it never counted."""
        return self.registry.get_sample_value(f"mulligan_{name}", {"policy": "report", **labels}) or 0.0

    def amplification(self, begin: float = 0.0, end: float = ENDS) -> float:
        """Answer how many requests reached the server for each call that began between two instants."""
        calls = sum(begin <= at < end for at, _ in self.answers)
        return sum(begin <= exchange.request.at < end for exchange in self.log) / calls

    def rejected(self) -> int:
        """Answer how many calls the breaker refused before their first attempt."""
        return sum(isinstance(answer, BreakerOpen) for _, answer in self.answers)


def outage() -> Callable[[Request], Reply]:
    asked = 0

    def rule(request: Request) -> Reply:
        nonlocal asked
        asked += 1
        if not FAILS <= request.at < RECOVERS:
            return respond(200, body="report")
        return reset() if asked % 2 else respond(503, body="down")

    return rule


def lived_through(client: Client, *guards: AnyGuard) -> Story:
    """Let a client call the server through the outage."""
    registry, events, clock = CollectorRegistry(), RecordedEvents(), VirtualClock()
    policy = Policy[object](
        name="report",
        classify=client.failures,
        schedule=exponential(0.05, cap=1).jittered(full_jitter()),
        max_attempts=ATTEMPTS,
    )
    pipeline = Pipeline(policy, guards=guards, listeners=[Prometheus(registry), events])
    began: list[float] = []

    def going() -> bool:
        clock.advance(PACE)
        began.append(clock.monotonic())
        return clock.monotonic() < ENDS

    with virtual_time(clock), FaultServer(clock=clock) as server:
        server.by("/report", outage())
        answers = client.ask_while(Setup(policy=pipeline), server.url("/report"), going)
        log = list(server.log)
    return Story(answers=list(zip(began, answers, strict=False)), log=log, registry=registry, events=events)


def agrees(story: Story) -> None:
    """Insist that the client's metrics tell the same story as the server's log."""
    answered = [exchange.status for exchange in story.log]
    failed = sum(status != 200 for status in answered)
    assert story.metric("attempts_total", outcome="accepted") == answered.count(200)
    assert story.metric("attempts_total", outcome="transient") == failed
    assert story.metric("attempt_duration_seconds_count") == len(story.log)
    good = sum(isinstance(answer, Answer) and answer.status == 200 for _, answer in story.answers)
    kinds = ("successful_without_retry", "successful_with_retry", "failed_without_retry", "failed_with_retry")
    counts = {kind: story.metric("calls_total", kind=kind) for kind in kinds}
    assert counts["successful_without_retry"] + counts["successful_with_retry"] == good
    assert counts["failed_without_retry"] + counts["failed_with_retry"] == len(story.answers) - good
    assert sum(counts.values()) == len(story.answers)


pytestmark = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)


def test_without_a_budget_the_outage_is_multiplied(client: Client) -> None:
    story = lived_through(client)
    agrees(story)
    assert story.amplification(FAILS, RECOVERS - 1) > 3.5
    assert story.metric("calls_total", kind="failed_with_retry") > 90


def test_with_a_budget_it_is_not(client: Client) -> None:
    story = lived_through(client, Budget("report", quota()))
    agrees(story)
    assert story.amplification(FAILS, RECOVERS) < 1.2
    assert story.amplification() < 1.2
    retries = story.metric("attempt_duration_seconds_count") - len(story.answers)
    assert 35 <= retries <= 40, "500 tokens at 14 each, and what successes put back before"
    assert story.metric("refusals_total", guard="report") > 200


def test_a_breaker_opens_in_the_outage_and_closes_after_it(client: Client) -> None:
    breaker = CircuitBreaker("report", consecutive(5), open_for=5)
    story = lived_through(client, breaker, Budget("report", quota()))
    agrees(story)
    changes = [(event.before, event.after) for event in story.events.changes]
    probes = changes.count(("open", "half_open"))
    assert changes == [
        ("closed", "open"),
        *([("open", "half_open"), ("half_open", "open")] * (probes - 1)),
        *[("open", "half_open"), ("half_open", "closed")],
    ]
    assert probes in (6, 7), "one each five seconds of thirty"
    assert breaker.status() == "closed"
    assert story.registry.get_sample_value("mulligan_breaker_state", {"guard": "report", "state": "open"}) == 0

    failed = [exchange.request.at for exchange in story.log if exchange.status != 200]
    assert len(failed) == 5 + probes - 1, "five failures open it; each probe fails but the last"
    assert story.amplification(FAILS, RECOVERS) < 0.1
    assert story.amplification() < 1.2

    back = min(at for at, answer in story.answers if at > RECOVERS and isinstance(answer, Answer))
    assert back - RECOVERS <= 5 + PACE, "it is back within the time that the breaker stays open"
    assert all(isinstance(answer, Answer) for at, answer in story.answers if at > back)
    assert story.rejected() == sum(event.attempt == 1 for event in story.events.refusals)
    assert story.metric("refusals_total", guard="report") == len(story.events.refusals)
