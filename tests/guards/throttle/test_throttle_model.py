"""The throttle's transitions against a model that keeps every request and counts."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mulligan.guards.throttle.transitions import Ask, Settle, Throttling

WINDOW, BUCKETS = 12.0, 4


class Model(RuleBasedStateMachine):
    """Lists of instants, one of requests and one of accepts."""

    @initialize(k=st.sampled_from([1.0, 1.1, 2.0, 5.0]))
    def begin(self, k: float) -> None:
        self.throttling = Throttling(k=k, window=WINDOW, buckets=BUCKETS)
        self.state = self.throttling.start()
        self.now = 1000.0
        self.requests: list[float] = []
        self.accepts: list[float] = []

    def seen(self, instants: list[float]) -> int:
        span = WINDOW / BUCKETS
        return sum(self.now // span - at // span < BUCKETS for at in instants)

    def expected(self) -> float:
        requests = self.seen(self.requests)
        return max(0.0, (requests - self.throttling.k * self.seen(self.accepts)) / (requests + 1))

    @rule(draw=st.floats(0, 1, exclude_max=True))
    def an_attempt_asks(self, draw: float) -> None:
        expected = self.expected()
        self.state, answer = self.throttling.step(self.state, Ask(draw=draw), self.now)
        assert (answer.probability, answer.granted) == (expected, draw >= expected)
        if not answer.granted:
            self.requests.append(self.now)

    @rule(accepted=st.booleans())
    def an_attempt_ends(self, accepted: bool) -> None:
        self.state, _ = self.throttling.step(self.state, Settle(accepted=accepted), self.now)
        self.requests.append(self.now)
        if accepted:
            self.accepts.append(self.now)

    @rule(seconds=st.floats(0, 15))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def probabilities_agree(self) -> None:
        assert self.throttling.probability(self.state, self.now) == self.expected()


TestThrottleAgainstItsModel = Model.TestCase
