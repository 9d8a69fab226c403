"""Executions played by `decide`, to hold what is explained against."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.decision import Retry, State, decide
from mulligan.explain.timing import attempt_seconds
from mulligan.outcome import Raised, Reason, Returned

if TYPE_CHECKING:
    from mulligan import Policy
    from mulligan.explain import Conditions

__all__ = ["Played", "play"]


class Played(Value):
    """What one execution came to."""

    attempts: int
    elapsed: float
    reason: Reason


def play(policy: Policy[object], conditions: Conditions, seed: int) -> Played:
    """Play one execution whose attempts fail by chance."""
    chance, seconds = Random(seed), attempt_seconds(policy, conditions)
    state = State(seed=seed)
    while True:
        now = state.elapsed + seconds
        failed = chance.random() < conditions.failure_rate
        decision = decide(policy, state, Raised(ConnectionError()) if failed else Returned(1), now)
        if not isinstance(decision, Retry):
            return Played(attempts=state.attempt, elapsed=now, reason=decision.reason)
        state = decision.state
