"""What happens to a budget, what it answers, and what an accounting model is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from mulligan._value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

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
