"""The scripts do what the pure steps do: the same events lead to the same answers and states, number by number."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Generic, TypeVar

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mulligan.guards import Status, consecutive, count_window, deposit, quota, retry_share, time_window, token_ratio
from mulligan.guards.breaker import states
from mulligan.guards.breaker.transitions import Breaking
from mulligan.guards.budget import states as budgets
from mulligan.guards.rate import transitions as rates
from mulligan.guards.stores.scripts import reply, script_of, storage_key, words
from mulligan.guards.throttle import transitions as throttles
from tests.guards.breaker.test_breaker_model import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.guards import Accounting
    from mulligan.guards.buckets import Window
    from mulligan.guards.cells import Strategy
    from tests.guards.stores.servers import RedisServer

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")

quickly = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
GAPS = st.sampled_from([0.0, 0.25, 1.0, 3.5, 12.0, 1000.0])


@pytest.fixture(scope="module")
def client(shared_server: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis(port=shared_server.port) as connected:
        yield connected


class Both(Generic[S, E, A]):
    """A strategy in Python and in Redis, told the same events at the same instants."""

    def __init__(self, client: redis.Redis, strategy: Strategy[S, E, A]) -> None:
        client.eval("redis.call('FLUSHALL')", 0)
        self.client, self.strategy = client, strategy
        self.key = storage_key("mulligan", "name", "key", strategy)
        self.state, self.now = strategy.start(), 1_700_000_000.0

    def told(self, event: E, gap: float) -> A:
        self.now += gap
        self.state, expected = self.strategy.step(self.state, event, self.now)
        source = script_of(self.strategy).source
        raw: object = self.client.eval(source, 1, self.key, *words(self.strategy, event, self.now))
        found = reply(self.strategy, raw)
        assert found.now == self.now
        assert (found.answer, found.state) == (expected, self.state)
        return expected


def breaking_of(random: Random) -> Breaking:
    """Draw any breaker; small, so that its windows fill up."""
    slow = random.choice([None, 0.5, 1.0])
    after = None if slow is None else 1.0
    rate, minimum = random.choice([0.34, 0.5, 1.0]), random.randint(1, 4)
    thresholds = (
        lambda: consecutive(random.randint(1, 4)),
        lambda: count_window(4, failure_rate=rate, minimum=minimum, slow_rate=slow, slow_after=after),
        lambda: time_window(8, buckets=4, failure_rate=rate, minimum=minimum, slow_rate=slow, slow_after=after),
    )
    permits = random.randint(1, 4)
    return Breaking(
        threshold=random.choice(thresholds)(),
        durations=tuple(float(random.randint(1, 4)) for _ in range(random.randint(1, 3))),
        permits=permits,
        successes=random.randint(1, permits),
        lease=float(random.randint(1, 4)),
    )


@pytest.mark.parametrize("seed", range(60))
def test_breaker(client: redis.Redis, seed: int) -> None:
    random = Random(seed)
    both: Both[states.State, states.Event, states.Answer] = Both(client, breaking_of(random))
    permits: list[int] = []
    failing = random.choice([0.1, 0.4, 0.8])
    for _ in range(60):
        gap = float(random.choice([0, 0, 0, 1, 2]))
        kind = random.choices(["ask", "settle", "release", "order"], [4, 5, 1, 0.2])[0]
        if kind == "order":
            both.told(states.Order(random.choice(OPERATORS)), gap)
        elif kind == "ask" or not permits:
            answer = both.told(states.ASK, gap)
            permits += [] if answer.permit is None else [answer.permit]
        elif kind == "release":
            both.told(states.Release(permit=permits.pop(0)), gap)
        else:
            failed, slow = random.random() < failing, random.random() < 0.3
            both.told(states.Settle(permit=permits.pop(0), failed=failed, slow=slow), gap)


ACCOUNTINGS = [
    *(deposit(ttl=5, ratio=ratio, reserve=reserve) for ratio in (0.2, 0.3) for reserve in (0, 2)),
    retry_share(ttl=7),
    *(token_ratio(max_tokens=most, ratio=ratio) for most in (1, 5) for ratio in (0.1, 0.35)),
    *(quota(capacity=capacity) for capacity in (3, 14, 60)),
]


def budget_events() -> st.SearchStrategy[budgets.Event]:
    held = st.sampled_from([0.0, 5.0, 14.0])
    return st.one_of(
        st.just(budgets.BEGIN),
        st.builds(budgets.Withdraw, throttled=st.booleans()),
        st.builds(budgets.Settle, accepted=st.booleans(), held=held),
        st.builds(budgets.Refund, held=held),
    )


@quickly
@given(accounting=st.sampled_from(ACCOUNTINGS), told=st.lists(st.tuples(budget_events(), GAPS), max_size=40))
def test_budget(client: redis.Redis, accounting: Accounting, told: list[tuple[budgets.Event, float]]) -> None:
    both: Both[Window, budgets.Event, budgets.Answer] = Both(client, accounting)
    for event, gap in told:
        both.told(event, gap)


@quickly
@given(
    k=st.sampled_from([1.0, 1.1, 2.0]),
    told=st.lists(st.tuples(st.sampled_from("aaon"), st.floats(0, 0.999), GAPS), max_size=40),
)
def test_throttle(client: redis.Redis, k: float, told: list[tuple[str, float, float]]) -> None:
    throttling = throttles.Throttling(k=k, window=10, buckets=4)
    both: Both[Window, throttles.Event, throttles.Answer] = Both(client, throttling)
    for kind, draw, gap in told:
        both.told(throttles.Ask(draw=draw) if kind == "a" else throttles.Settle(accepted=kind == "o"), gap)


@quickly
@given(told=st.lists(st.tuples(st.booleans(), GAPS), max_size=40))
def test_rate(client: redis.Redis, told: list[tuple[bool, float]]) -> None:
    both = Both(client, rates.Observing(window=10, buckets=4, minimum=1))
    for failed, gap in told:
        both.told(rates.Settle(failed=failed), gap)


def test_states_live_no_longer_than_they_say_something(client: redis.Redis, shared_server: RedisServer) -> None:
    both: Both[Window, budgets.Event, budgets.Answer] = Both(client, token_ratio())
    both.told(budgets.Settle(accepted=False, held=0), 0)
    assert 86_390 < int(shared_server.ask("TTL", both.key)) <= 86_400


def test_an_order_lives_for_thirty_days_after_the_last_question(
    client: redis.Redis, shared_server: RedisServer
) -> None:
    breaking = Breaking(threshold=consecutive(2), durations=(1.0,), permits=1, successes=1, lease=1.0)
    both: Both[states.State, states.Event, states.Answer] = Both(client, breaking)
    both.told(states.Order(Status.FORCED_OPEN), 0)
    shared_server.ask("PEXPIRE", both.key, "1000")
    both.told(states.ASK, 0)
    assert int(shared_server.ask("TTL", both.key)) > 29 * 86_400


def test_names_and_keys_never_meet_in_one_place() -> None:
    strategy = quota()
    places = {storage_key("m", name, key, strategy) for name, key in (("a", "b:c"), ("a:b", "c"), ("a", "{b:c}"))}
    assert len(places) == 3
    assert all(place.count("{") == place.count("}") == 1 for place in places)


def test_states_of_other_shapes_sit_elsewhere() -> None:
    assert storage_key("m", "a", "", quota()) != storage_key("m", "a", "", quota(capacity=10))
