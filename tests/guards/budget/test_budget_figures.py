"""What the budgets' sources promise, in figures: drain points, outages and starts."""

from __future__ import annotations

from random import Random

import pytest

from mulligan import ConfigError, Policy, no_delay
from mulligan.classify import TRANSIENT
from mulligan.guards import Accounting, Budget, deposit, quota, retry_share, token_ratio
from mulligan.guards.budget.states import BEGIN, Settle, Withdraw
from mulligan.testing import virtual_time
from tests.guards.machines import ONCE, Player, down, up


class Traffic:
    """Executions one after another against an accounting model, each attempt failing with a probability."""

    def __init__(self, accounting: Accounting, attempts: int, *, throttled: bool = False) -> None:
        self.accounting, self.attempts, self.throttled = accounting, attempts, throttled
        self.state, self.now = accounting.start(), 0.0
        self.retries = self.executions = 0

    def execute(self, failure: float, random: Random) -> None:
        self.executions += 1
        self.state, _ = self.accounting.step(self.state, BEGIN, self.now)
        held = 0.0
        for attempt in range(1, self.attempts + 1):
            accepted = random.random() >= failure
            self.state, _ = self.accounting.step(self.state, Settle(accepted=accepted, held=held), self.now)
            if accepted or attempt == self.attempts:
                return
            self.state, answer = self.accounting.step(self.state, Withdraw(throttled=self.throttled), self.now)
            if not answer.granted:
                return
            held = answer.held
            self.retries += 1

    def drift(self, failure: float, executions: int = 60_000) -> float:
        """Answer how much the level changes with each execution, held in the middle of the range."""
        random = Random(7)
        middle, moved = (self.accounting.start()[0] // 2,), 0.0
        for _ in range(executions):
            self.state = middle
            self.execute(failure, random)
            moved += self.state[0] - middle[0]
        return moved / executions


def root(cost: int) -> float:
    """Solve 1 - p = k p² + k p³ by bisection: what first-try successes put in is what failed retries cost."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - middle > cost * (middle**2 + middle**3) else (low, middle)
    return low


@pytest.mark.parametrize(("cost", "point"), [(14, 0.215), (5, 0.321)])
def test_the_aws_quota_drains_from_its_drain_point_on(cost: int, point: float) -> None:
    assert root(cost) == pytest.approx(point, abs=0.0005)
    throttled = cost == 5
    assert Traffic(quota(), 3, throttled=throttled).drift(point - 0.02) > 0
    assert Traffic(quota(), 3, throttled=throttled).drift(point + 0.02) < 0


def test_the_aws_quota_pays_for_35_retries_in_a_full_outage_and_then_none() -> None:
    traffic = Traffic(quota(), 3)
    random = Random(7)
    for _ in range(1000):
        traffic.execute(1.0, random)
    assert traffic.retries == 35
    assert traffic.accounting.level(traffic.state, 0) == 10


def test_the_aws_quota_pays_for_100_retries_where_the_other_side_throttles() -> None:
    traffic = Traffic(quota(), 3, throttled=True)
    random = Random(7)
    for _ in range(1000):
        traffic.execute(1.0, random)
    assert traffic.retries == 100


def test_a_full_outage_through_the_executors_makes_35_retries() -> None:
    with virtual_time():
        player = Player([Budget("aws", quota())], ONCE.replace(max_attempts=3, schedule=no_delay()))
        for _ in range(100):
            player.play(down)
        assert player.calls == 100 + 35


def test_the_throttling_cost_is_taken_where_the_classifier_says_so() -> None:
    budget = Budget("aws", quota(), throttled=lambda outcome: TRANSIENT)
    with virtual_time():
        Player([budget], ONCE.replace(max_attempts=2, schedule=no_delay())).play(down)
    assert budget.level() == 495


def test_five_straight_failures_block_with_grpc_tokens() -> None:
    accounting = token_ratio()
    state = accounting.start()
    granted: list[bool] = []
    for _ in range(6):
        state, _ = accounting.step(state, Settle(accepted=False, held=0), 0)
        state, answer = accounting.step(state, Withdraw(throttled=False), 0)
        granted.append(answer.granted)
    assert granted == [True] * 4 + [False] * 2


@pytest.mark.parametrize(("failure", "drains"), [(0.08, False), (0.0909 - 0.005, False), (0.0909 + 0.005, True)])
def test_grpc_tokens_drain_from_9_09_percent_on(failure: float, drains: bool) -> None:
    assert (Traffic(token_ratio(max_tokens=1000), 1).drift(failure, 200_000) < 0) is drains


def test_the_deposit_pays_for_100_retries_at_the_start() -> None:
    accounting = deposit()
    state = accounting.start()
    retries = 0
    while True:
        state, answer = accounting.step(state, Withdraw(throttled=False), 0.0)
        if not answer.granted:
            break
        retries += 1
    assert retries == 100


def test_the_deposit_pays_for_one_retry_in_five_executions_beside_its_reserve() -> None:
    traffic = Traffic(deposit(reserve=0), 2)
    random = Random(7)
    for _ in range(1000):
        traffic.execute(1.0, random)
    assert traffic.retries == 200


def test_the_deposit_forgets_after_its_time_to_live() -> None:
    accounting = deposit(ttl=10, reserve=0)
    state = accounting.start()
    for _ in range(50):
        state, _ = accounting.step(state, BEGIN, 0.0)
    assert accounting.level(state, 9.0) == 50_000
    assert accounting.level(state, 10.0) == 0


def test_retries_stay_below_a_share_of_all_requests() -> None:
    traffic = Traffic(retry_share(most=0.1), 3)
    random = Random(7)
    for _ in range(5000):
        before = traffic.retries, traffic.executions + traffic.retries
        traffic.execute(1.0, random)
        if traffic.retries > before[0]:
            assert before[0] / (before[1] + 1) < 0.1
    assert traffic.retries / (traffic.executions + traffic.retries) == pytest.approx(0.1, abs=0.001)


@pytest.mark.parametrize("most", [0, 1, -0.5, 1.5])
def test_a_share_that_is_none_is_refused(most: float) -> None:
    with pytest.raises(ConfigError, match="most="):
        retry_share(most=most)


def test_an_exhausted_budget_never_fails_an_attempt() -> None:
    budget = Budget("billing", quota(capacity=14))
    with virtual_time():
        player = Player([budget], Policy(retry_on=ConnectionError, max_attempts=2, schedule=no_delay()))
        player.play(down)
        assert budget.level() == 0
        for _ in range(14):
            player.play(up)
        assert budget.level() == 14
