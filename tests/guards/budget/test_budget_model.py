"""The budgets' transitions against models that keep a ledger and compute from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mulligan.guards import deposit, quota, token_ratio
from mulligan.guards.budget.states import BEGIN, Refund, Settle, Withdraw

if TYPE_CHECKING:
    from mulligan.guards.budget.states import Answer, Event

KINDS = ("deposit", "token_ratio", "quota")
TTL, BUCKETS = 10.0, 10


class Model(RuleBasedStateMachine):
    """A ledger of what was put in and taken out, with instants; levels are sums over it."""

    @initialize(kind=st.sampled_from(KINDS), size=st.integers(1, 30), cost=st.integers(1, 9))
    def begin(self, kind: str, size: int, cost: int) -> None:
        self.kind, self.size, self.cost = kind, size, cost
        self.now = 100.0
        self.held: list[float] = []
        self.ledger: list[tuple[float, float]] = []
        self.tokens = float(size)
        match kind:
            case "deposit":
                self.accounting = deposit(ttl=TTL, ratio=0.5, reserve=size / TTL)
            case "token_ratio":
                self.accounting = token_ratio(max_tokens=size, ratio=0.1)
            case _:
                self.accounting = quota(capacity=size, cost=cost, throttling_cost=1, credit=1)
        self.state = self.accounting.start()

    def told(self, event: Event) -> Answer:
        self.state, answer = self.accounting.step(self.state, event, self.now)
        return answer

    def level(self) -> float:
        if self.kind != "deposit":
            return self.tokens
        newest = self.now // 1.0
        return sum(amount for at, amount in self.ledger if newest - at // 1.0 < BUCKETS) + self.size * 2000.0

    @rule()
    def an_execution_begins(self) -> None:
        self.told(BEGIN)
        if self.kind == "deposit":
            self.ledger.append((self.now, 1000.0))

    @rule(throttled=st.booleans())
    def a_retry_is_asked_for(self, throttled: bool) -> None:
        cost = {"deposit": 2000.0, "token_ratio": 0.0, "quota": 1.0 if throttled else self.cost}[self.kind]
        expected = self.level() > self.size / 2 if self.kind == "token_ratio" else self.level() >= cost
        answer = self.told(Withdraw(throttled=throttled))
        assert answer.granted is expected
        assert answer.held == (cost if expected else 0)
        if expected:
            self.held.append(cost)
            self.ledger.append((self.now, -cost))
            self.tokens -= cost

    @rule(accepted=st.booleans())
    def a_first_attempt_ends(self, accepted: bool) -> None:
        self.ends(0.0, accepted=accepted)

    @precondition(lambda self: bool(self.held))
    @rule(accepted=st.booleans())
    def a_retry_ends(self, accepted: bool) -> None:
        self.ends(self.held.pop(), accepted=accepted)

    def ends(self, held: float, *, accepted: bool) -> None:
        assert self.told(Settle(accepted=accepted, held=held)).granted
        if self.kind == "token_ratio":
            self.tokens = round(min(max(self.tokens + (0.1 if accepted else -1), 0), self.size), 3)
        elif accepted:
            self.tokens = min(self.tokens + (held or 1), self.size)

    @precondition(lambda self: bool(self.held))
    @rule()
    def a_retry_is_not_made(self) -> None:
        held = self.held.pop()
        self.told(Refund(held=held))
        self.ledger.append((self.now, held))
        self.tokens = min(self.tokens + held, self.size)

    @rule(seconds=st.floats(0, 12))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def levels_agree(self) -> None:
        assert self.accounting.level(self.state, self.now) == pytest.approx(self.level(), abs=1e-6)


TestBudgetAgainstItsModel = Model.TestCase
