"""Budgets' transitions: three accounting models, each a frozen value with one pure step.

    (state, event, now) → (state, answer)

    event                      deposit            token ratio        quota
    Begin: an execution        + amount
    Withdraw: asks for retry   - withdrawal       if above half      - cost
    Settle: accepted                              + ratio            + the last cost, or 1 at a first attempt
    Settle: not accepted                          - 1
    Refund: retry not made     + withdrawal                          + cost

Rules: a state is a flat tuple of numbers. An exhausted budget refuses retries and nothing else: a first attempt is
never asked about, an attempt that runs is never failed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, assert_never

from mulligan.guards.buckets import add, total
from mulligan.guards.budget.states import Answer, Begin, Event, Refund, Settle, Withdraw
from mulligan.guards.counting import Counting, Windowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan.guards.buckets import Window

__all__ = ["THOUSAND", "Deposit", "Quota", "TokenRatio"]

_DAY: Final = 86_400.0
THOUSAND: Final = 1000


class _Model(Counting):
    """What the models share: how they are written for the script, and what goes back."""

    script = "budget"

    @property
    def lifetime(self) -> float:
        """A day: time alone changes nothing, but a dependency that nobody calls is forgotten."""
        return _DAY

    def written(self, event: Event, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        match event:
            case Begin():
                return ("begin",)
            case Withdraw():
                return ("withdraw", int(event.throttled))
            case Settle():
                return ("settle", int(event.accepted), event.held)
            case Refund():
                return ("refund", event.held)
            case _:
                assert_never(event)

    def gives(self, event: Event, /) -> bool:
        """Tell whether the event asks for tokens."""
        return isinstance(event, Withdraw)

    def undo(self, event: Event, answer: Answer, /) -> Event | None:
        """Answer the refund of what was taken out too late."""
        return Refund(held=answer.held) if isinstance(event, Withdraw) and answer.held else None

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        granted, held = answer
        return Answer(granted=granted == "1", held=float(held))


class Deposit(Windowed, _Model):
    """The value behind `deposit`: what was put in less what was taken out, in each bucket; the reserve is on top."""

    amount: float
    withdrawal: float
    reserve: float
    width = 1
    counts_beginnings = True
    counts_endings = False

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        window = self.at(state, now)
        match event:
            case Begin():
                return add(window, (self.amount,)), _answer()
            case Withdraw():
                if total(window, 1, 0) + self.reserve < self.withdrawal:
                    return window, _answer(granted=False)
                return add(window, (-self.withdrawal,)), _answer(held=self.withdrawal)
            case Refund():
                return add(window, (event.held,)), _answer()
            case Settle():
                return state, _answer()
            case _:
                assert_never(event)

    def level(self, state: Window, now: float, /) -> float:
        """Answer what is in the budget, the reserve included."""
        return total(self.at(state, now), 1, 0) + self.reserve

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (0, self.span, self.buckets, self.amount, self.withdrawal, self.reserve)


class TokenRatio(_Model):
    """The value behind `token_ratio`: thousandths of tokens, so that sums stay exact."""

    most: int
    credit: int
    counts_beginnings = False
    counts_endings = True

    def start(self) -> Window:
        """Answer all tokens."""
        return (self.most,)

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:  # noqa: ARG002 - the protocol's
        """Answer the next state and what it says."""
        match event:
            case Settle():
                change = self.credit if event.accepted else -THOUSAND
                tokens = min(max(state[0] + change, 0), self.most)
                return state if tokens == state[0] else (tokens,), _answer()
            case Withdraw():
                return state, _answer(granted=2 * state[0] > self.most)
            case Begin() | Refund():
                return state, _answer()
            case _:
                assert_never(event)

    def is_quiet(self, state: Window, /) -> bool:
        """Tell whether all tokens are there."""
        return state[0] == self.most

    def level(self, state: Window, now: float, /) -> float:  # noqa: ARG002 - the protocol's
        """Answer the tokens."""
        return state[0] / THOUSAND

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (1, self.most, self.credit)


class Quota(_Model):
    """The value behind `quota`: tokens."""

    capacity: int
    cost: int
    throttling_cost: int
    credit: int
    counts_beginnings = False
    counts_endings = True

    def start(self) -> Window:
        """Answer all tokens."""
        return (self.capacity,)

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:  # noqa: ARG002 - the protocol's
        """Answer the next state and what it says."""
        match event:
            case Withdraw():
                cost = self.throttling_cost if event.throttled else self.cost
                if state[0] < cost:
                    return state, _answer(granted=False)
                return (state[0] - cost,), _answer(held=cost)
            case Settle() if event.accepted:
                return self._with(state, event.held or self.credit), _answer()
            case Refund():
                return self._with(state, event.held), _answer()
            case Begin() | Settle():
                return state, _answer()
            case _:
                assert_never(event)

    def _with(self, state: Window, amount: float) -> Window:
        tokens = min(state[0] + amount, self.capacity)
        return state if tokens == state[0] else (tokens,)

    def is_quiet(self, state: Window, /) -> bool:
        """Tell whether all tokens are there."""
        return state[0] == self.capacity

    def level(self, state: Window, now: float, /) -> float:  # noqa: ARG002 - the protocol's
        """Answer the tokens."""
        return state[0]

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (2, self.capacity, self.cost, self.throttling_cost, self.credit)


@lru_cache(maxsize=64)
def _answer(*, granted: bool = True, held: float = 0.0) -> Answer:
    return Answer(granted=granted, held=held)
