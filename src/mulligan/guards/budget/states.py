"""What happens to a budget, what it answers, and what an accounting model is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from mulligan._value import Value
from mulligan.guards.cells import Strategy

if TYPE_CHECKING:
    from mulligan.guards.buckets import Window

__all__ = ["BEGIN", "Accounting", "Answer", "Begin", "Event", "Refund", "Settle", "Withdraw"]


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


class Accounting(Strategy["Window", Event, Answer], Protocol):
    """How a budget counts: `deposit()`, `retry_share()`, `token_ratio()` or `quota()`."""

    @property
    def counts_beginnings(self) -> bool:
        """Whether an execution's beginning changes anything."""
        ...

    @property
    def counts_endings(self) -> bool:
        """Whether an attempt's ending changes anything."""
        ...

    def level(self, state: Window, now: float, /) -> float:
        """Answer what is in the budget."""
        ...
