"""Prometheus: what a scrape of the real endpoint says."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.parser import text_string_to_metric_families

from mulligan import Pipeline, Policy, execute, no_delay, try_execute
from mulligan.errors import ConfigError
from mulligan.events import Finished, GuardChanged, StoreFound, StoreLost
from mulligan.guards import CircuitBreaker, consecutive
from mulligan.observe import Prometheus, use
from mulligan.outcome import Reason
from tests.executors.worlds import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

FETCH: Policy[int] = Policy(name="fetch", retry_on=ConnectionError, schedule=no_delay(), max_attempts=3)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def endpoint(registry: CollectorRegistry) -> Iterator[str]:
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    yield f"http://127.0.0.1:{server.server_port}/metrics"
    server.shutdown()
    server.server_close()
    thread.join()


def scrape(url: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Answer every sample by its name and labels."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server on loopback
        text = answer.read().decode()
    families = text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples]
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


def test_a_scrape_has_attempts_calls_and_their_seconds(registry: CollectorRegistry, endpoint: str) -> None:
    with use(Prometheus(registry)):
        execute(FETCH, Script(ConnectionError(), 7).play)
        execute(FETCH, Script(7).play)
        try_execute(FETCH, Script(ConnectionError()).play)
        try_execute(FETCH, Script(KeyError()).play)
    found = scrape(endpoint)
    attempts = {
        dict(labels)["outcome"]: value for (name, labels), value in found.items() if name == "mulligan_attempts_total"
    }
    calls = {dict(labels)["kind"]: value for (name, labels), value in found.items() if name == "mulligan_calls_total"}
    assert attempts == {"accepted": 2, "transient": 4, "failed": 1}
    assert calls == {
        "successful_with_retry": 1,
        "successful_without_retry": 1,
        "failed_with_retry": 1,
        "failed_without_retry": 1,
    }
    policy = (("policy", "fetch"),)
    assert found["mulligan_attempt_duration_seconds_count", policy] == 7
    assert found["mulligan_call_duration_seconds_count", policy] == 4
    assert found["mulligan_retry_delay_seconds_count", policy] == 3
    assert 0 < found["mulligan_attempt_duration_seconds_sum", policy] < 5


def test_a_breaker_moves_its_gauge_and_its_refusals_are_counted(registry: CollectorRegistry, endpoint: str) -> None:
    breaker = CircuitBreaker("billing", consecutive(1), open_for=60)
    with use(Prometheus(registry)):
        try_execute(Pipeline(FETCH, guards=[breaker]), Script(ConnectionError()).play)
        opened = scrape(endpoint)
        breaker.force_open()
        breaker.reset()
    closed = scrape(endpoint)
    state = "mulligan_breaker_state"
    assert opened[state, (("guard", "billing"), ("state", "open"))] == 1
    assert closed[state, (("guard", "billing"), ("state", "open"))] == 0
    assert closed[state, (("guard", "billing"), ("state", "forced_open"))] == 0
    assert closed["mulligan_refusals_total", (("guard", "billing"), ("policy", "fetch"))] == 1


def test_dependencies_of_a_breaker_are_counted_by_state_and_never_named(
    registry: CollectorRegistry, endpoint: str
) -> None:
    listener = Prometheus(registry)
    for number in range(1000):
        listener(GuardChanged(policy="", guard="hosts", key=f"host-{number}", before="closed", after="open"))
    for number in range(400):
        listener(GuardChanged(policy="", guard="hosts", key=f"host-{number}", before="open", after="half_open"))
    for number in range(100):
        listener(GuardChanged(policy="", guard="hosts", key=f"host-{number}", before="half_open", after="closed"))
    states = {dict(labels)["state"]: value for (name, labels), value in scrape(endpoint).items() if "breaker" in name}
    assert states == {"open": 600, "half_open": 300}


def test_dependencies_that_never_recover_are_forgotten_in_the_end(registry: CollectorRegistry) -> None:
    listener = Prometheus(registry)
    for number in range(10_100):
        listener(GuardChanged(policy="", guard="hosts", key=f"host-{number}", before="closed", after="open"))
    assert registry.get_sample_value("mulligan_breaker_state", {"guard": "hosts", "state": "open"}) == 10_000


def test_whether_a_store_answers_is_a_gauge(registry: CollectorRegistry, endpoint: str) -> None:
    listener = Prometheus(registry)
    listener(StoreLost(policy="", store="redis", error=TimeoutError))
    assert scrape(endpoint)["mulligan_store_up", (("store", "redis"),)] == 0
    listener(StoreFound(policy="", store="redis"))
    assert scrape(endpoint)["mulligan_store_up", (("store", "redis"),)] == 1


def test_labels_are_bounded(registry: CollectorRegistry, endpoint: str) -> None:
    """Policies whose names are made up of arguments must not make a series each."""
    listener = Prometheus(registry, max_names=3)
    for number in range(1000):
        for _ in range(2):
            name = f"user-{number}" if number else ""
            listener(Finished(policy=name, reason=Reason.ACCEPTED, attempts=1, elapsed=0.1, error=None))
    calls = {
        dict(labels)["policy"]: value
        for (name, labels), value in scrape(endpoint).items()
        if name == "mulligan_calls_total"
    }
    assert calls == {"(unnamed)": 2, "user-1": 2, "user-2": 2, "(other)": 1994}


def test_listeners_of_one_registry_are_one(registry: CollectorRegistry) -> None:
    assert Prometheus(registry) == Prometheus(registry)
    assert Prometheus(registry) != Prometheus(CollectorRegistry())
    with use(Prometheus(registry)):
        execute(Pipeline(FETCH, listeners=[Prometheus(registry)]), Script(7).play)
    assert registry.get_sample_value("mulligan_attempts_total", {"policy": "fetch", "outcome": "accepted"}) == 1


def test_a_registry_keeps_its_settings(registry: CollectorRegistry) -> None:
    Prometheus(registry, buckets=(1, 2))
    with pytest.raises(ConfigError, match="it has these metrics already"):
        Prometheus(registry)


def test_a_limit_of_names_is_at_least_1() -> None:
    with pytest.raises(ConfigError, match="max_names=0"):
        Prometheus(CollectorRegistry(), max_names=0)


def test_buckets_are_those_that_are_given(registry: CollectorRegistry, endpoint: str) -> None:
    with use(Prometheus(registry, buckets=(1.0, 2.0))):
        execute(FETCH, Script(7).play)
    bounds = {
        dict(labels)["le"]
        for (name, labels), _ in scrape(endpoint).items()
        if name == "mulligan_call_duration_seconds_bucket"
    }
    assert bounds == {"1.0", "2.0", "+Inf"}
