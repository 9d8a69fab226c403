"""What tests of guards share: executions of a guarded operation in virtual time, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan import Pipeline, Policy, try_execute
from mulligan.guards.breaker.states import Closed, MetricsOnly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mulligan import Failed, Succeeded
    from mulligan.events import Event
    from mulligan.guards import CircuitBreaker
    from mulligan.guards.protocol import AnyGuard

__all__ = ["ONCE", "Player", "down", "up", "window_of"]

ONCE: Policy[int] = Policy(name="billing", retry_on=ConnectionError, max_attempts=1)


def up() -> int:
    """Succeed."""
    return 7


def down() -> int:
    """Fail, as an outage does."""
    raise ConnectionError("down")


def window_of(breaker: CircuitBreaker) -> tuple[float, ...]:
    """Answer what a breaker has counted."""
    state, _ = breaker.cell("").known(0)
    assert isinstance(state, Closed | MetricsOnly)
    return state.window


class Player:
    """Runs one guarded operation after another on one virtual clock, and keeps the events."""

    def __init__(self, guards: Iterable[AnyGuard], policy: Policy[int] = ONCE) -> None:
        self.events: list[Event] = []
        self.pipeline = Pipeline(policy, guards=guards, listeners=[self.events.append])
        self.unheard = Pipeline(policy, guards=guards)
        self.calls = 0

    def play(self, operation: Callable[[], int], *, heard: bool = True) -> Succeeded[int] | Failed[int]:
        """Execute the operation once."""

        def counted() -> int:
            self.calls += 1
            return operation()

        return try_execute(self.pipeline if heard else self.unheard, counted)
