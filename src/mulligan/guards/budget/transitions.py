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
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, assert_never

from mulligan._value import Value
from mulligan.errors import ConfigError
from mulligan.guards.arguments import at_least, positive, share, whole
from mulligan.guards.buckets import Window, add, advance, empty, total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

__all__ = [
    "BEGIN",
    "Accounting",
    "Answer",
    "Begin",
    "Event",
    "Refund",
    "Settle",
    "Withdraw",
    "deposit",
    "quota",
    "retry_share",
    "token_ratio",
]

_DAY: Final = 86_400.0
_MILLI: Final = 1000


class Begin(Value):
    """An execution begins."""


class Withdraw(Value):
    """A retry is asked for.

    Args:
        throttled: whether the other side said that it is too much.
    """

    throttled: bool


class Settle(Value):
    """An attempt has ended.

    Args:
        accepted: whether its outcome was what was wanted.
        held: what was taken out for it.
    """

    accepted: bool
    held: float


class Refund(Value):
    """A retry was not made.

    Args:
        held: what was taken out for it.
    """

    held: float


Event: TypeAlias = Begin | Withdraw | Settle | Refund
BEGIN = Begin()


class Answer(Value):
    """What a transition says.

    Args:
        granted: whether the retry may be made; true where nobody asked.
        held: what was taken out for it.
    """

    granted: bool
    held: float


class Accounting(Protocol):
    """How a budget counts: `deposit()`, `token_ratio()` or `quota()`."""

    @property
    def counts_beginnings(self) -> bool:
        """Whether an execution's beginning changes anything."""
        ...

    @property
    def counts_endings(self) -> bool:
        """Whether an attempt's ending changes anything."""
        ...

    @property
    def script(self) -> str:
        """The folder of the script."""
        ...

    @property
    def preface(self) -> str:
        """What is put before the script."""
        ...

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on."""
        ...

    @property
    def lifetime(self) -> float:
        """Seconds after which a state has nothing left to say."""
        ...

    def start(self) -> Window:
        """Answer the full budget."""
        ...

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        ...

    def is_quiet(self, state: Window, /) -> bool:
        """Tell whether a success at the first attempt changes nothing."""
        ...

    def level(self, state: Window, now: float, /) -> float:
        """Answer what is in the budget."""
        ...

    def gives(self, event: Event, /) -> bool:
        """Tell whether the event asks for tokens."""
        ...

    def undo(self, event: Event, answer: Answer, /) -> Event | None:
        """Answer what takes back an event whose answer came too late."""
        ...

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        ...

    def written(self, event: Event, /) -> tuple[str | float, ...]:
        """Answer an event as the script takes it."""
        ...

    def dumped(self, state: Window, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        ...

    def loaded(self, words: Sequence[str], /) -> Window:
        """Answer the state that the script keeps."""
        ...

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        ...


class _Model(Value):
    """What the models share: how they are written for the script."""

    if TYPE_CHECKING:  # each model brings them

        def settings(self) -> tuple[str | float, ...]:
            """Answer what the script needs to know."""
            ...

    @property
    def script(self) -> str:
        """The folder of the script."""
        return "budget"

    @property
    def preface(self) -> str:
        """Nothing is put before the script."""
        return ""

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on: all of the settings."""
        return self.settings()

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

    def dumped(self, state: Window, /) -> tuple[str | float, ...]:
        """Answer a state as the script keeps it."""
        return state

    def loaded(self, words: Sequence[str], /) -> Window:
        """Answer the state that the script keeps."""
        return tuple(float(word) for word in words)

    def read(self, answer: Sequence[str], /) -> Answer:
        """Answer what the script's answer means."""
        granted, held = answer
        return Answer(granted=granted == "1", held=float(held))


class Deposit(_Model):
    """The value behind `deposit`: what was put in less what was taken out, in each bucket."""

    ttl: float
    amount: float
    withdrawal: float
    reserve: float
    buckets: int

    @property
    def counts_beginnings(self) -> bool:
        """Each execution puts in."""
        return True

    @property
    def counts_endings(self) -> bool:
        """How an attempt ends changes nothing."""
        return False

    @property
    def lifetime(self) -> float:
        """Twice the time to live."""
        return 2 * self.ttl

    def start(self) -> Window:
        """Answer an empty window: the reserve is on top."""
        return empty(self.buckets, 1)

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:
        """Answer the next state and what it says."""
        window = advance(state, self.ttl / self.buckets, 1, now)
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

    def is_quiet(self, state: Window, /) -> bool:  # noqa: ARG002 - the protocol's
        """Answer no: each execution puts in."""
        return False

    def level(self, state: Window, now: float, /) -> float:
        """Answer what is in the budget, the reserve included."""
        return total(advance(state, self.ttl / self.buckets, 1, now), 1, 0) + self.reserve

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (0, self.ttl / self.buckets, self.buckets, self.amount, self.withdrawal, self.reserve)


class TokenRatio(_Model):
    """The value behind `token_ratio`: thousandths of tokens, so that sums stay exact."""

    most: int
    credit: int

    @property
    def counts_beginnings(self) -> bool:
        """An execution's beginning changes nothing."""
        return False

    @property
    def counts_endings(self) -> bool:
        """Each attempt puts in or takes out."""
        return True

    def start(self) -> Window:
        """Answer all tokens."""
        return (self.most,)

    def step(self, state: Window, event: Event, now: float, /) -> tuple[Window, Answer]:  # noqa: ARG002 - the protocol's
        """Answer the next state and what it says."""
        match event:
            case Settle():
                change = self.credit if event.accepted else -_MILLI
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
        return state[0] / _MILLI

    def settings(self) -> tuple[str | float, ...]:
        """Answer what the script needs to know."""
        return (1, self.most, self.credit)


class Quota(_Model):
    """The value behind `quota`: tokens."""

    capacity: int
    cost: int
    throttling_cost: int
    credit: int

    @property
    def counts_beginnings(self) -> bool:
        """An execution's beginning changes nothing."""
        return False

    @property
    def counts_endings(self) -> bool:
        """A success puts in."""
        return True

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


def deposit(*, ttl: float | timedelta = 10.0, ratio: float = 0.2, reserve: float = 10.0) -> Accounting:
    """Let each execution put in, each retry take out, and forget both after a while (Finagle, Linkerd).

    An execution puts in 1000, a retry takes out 1000 / ratio; the reserve is worth that many retries a second.

    Args:
        ttl: seconds after which what was put in or taken out is forgotten.
        ratio: how many retries an execution pays for, above 0 and up to 1.
        reserve: retries for each second of the ttl that need no executions.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", deposit()).level()
    500000.0
    """
    seconds = positive("ttl", ttl)
    withdrawal = float(_MILLI) / share("ratio", ratio)
    kept = at_least("reserve", reserve, 0) * seconds * withdrawal
    return Deposit(ttl=seconds, amount=float(_MILLI), withdrawal=withdrawal, reserve=kept, buckets=10)


def retry_share(*, most: float = 0.1, ttl: float | timedelta = 120.0) -> Accounting:
    """Let a retry be made only while retries are less than a share of all requests (Google SRE, "Handling Overload").

    A deposit in other words: with r retries and e executions, r / (e + r) < most where e - r * (1 / most - 1) > 0.

    Args:
        most: the share that retries stay below, above 0 and below 1.
        ttl: seconds that are looked back on.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", retry_share()).level()
    8999.0
    """
    if share("most", most) == 1:
        raise ConfigError("most", most, "give a share below 1")
    withdrawal = float(round(_MILLI * (1 / most - 1)))
    return Deposit(
        ttl=positive("ttl", ttl), amount=float(_MILLI), withdrawal=withdrawal, reserve=withdrawal - 1, buckets=10
    )


def token_ratio(*, max_tokens: int = 10, ratio: float = 0.1) -> Accounting:
    """Take a token out for each failure, put a part of one in for each success, and retry above half (gRPC A6).

    Args:
        max_tokens: how many tokens there are at first and at most, 1 to 1000.
        ratio: what a success puts in, counted in thousandths.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", token_ratio()).level()
    10.0
    """
    most = whole("max_tokens", max_tokens, 1) * _MILLI
    return TokenRatio(most=most, credit=int(at_least("ratio", ratio, 0.001) * _MILLI + 1e-6))


def quota(*, capacity: int = 500, cost: int = 14, throttling_cost: int = 5, credit: int = 1) -> Accounting:
    """Take the cost of a retry out of a quota, and put it back in if the retry succeeds (AWS, Retries 2.1).

    Args:
        capacity: how many tokens there are at first and at most.
        cost: tokens of a retry.
        throttling_cost: tokens of a retry after the other side said that it is too much.
        credit: tokens that a success at the first attempt puts in.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", quota()).level()
    500.0
    """
    return Quota(
        capacity=whole("capacity", capacity, 1),
        cost=whole("cost", cost, 1),
        throttling_cost=whole("throttling_cost", throttling_cost, 1),
        credit=whole("credit", credit, 0),
    )
