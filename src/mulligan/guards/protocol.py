"""What a guard is, and what one guard does in one execution.

- `Guard`: anything that may refuse an attempt by its number. Write one in three lines.
- `Watching`: a guard that sees outcomes too: it gives each execution a `Visit`.
- `Visit`: one guard in one execution. It is asked before an attempt (`enter`), told what the attempt did (`leave`),
  asked before a retry (`retry`), and told to give back what it holds (`release`).

Rules: a guard never calls the operation and holds no lock while it runs. A visit answers at once, or with a `Pending`
where its store is elsewhere; whoever drives the execution performs that, in sync or async code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from mulligan._value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan.classify import Verdict
    from mulligan.events import Event
    from mulligan.outcome import Outcome, Refusal

__all__ = ["AnyGuard", "Call", "Ending", "Guard", "Pending", "Said", "Visit", "Watching"]


class Guard(Protocol):
    """Anything that may refuse an attempt.

    >>> from mulligan import Pipeline, Policy, execute
    >>> from mulligan.outcome import Refusal
    >>> class Maintenance:
    ...     def admit(self, attempt: int, /) -> Refusal | None:
    ...         return Refusal(by="maintenance", retry_after=60)
    >>> execute(Pipeline(Policy(retry_on=OSError), guards=[Maintenance()]), print)
    Traceback (most recent call last):
        ...
    mulligan.errors.Rejected: maintenance refused attempt 1
    """

    def admit(self, attempt: int, /) -> Refusal | None:
        """Answer a refusal of the attempt with this number, or `None` to let it begin.

        The first attempt is asked about before it begins, a retry before the sleep that precedes it.
        """
        ...


class Call(Protocol):
    """What a guard knows of the execution that it visits."""

    @property
    def args(self) -> tuple[object, ...]:
        """The operation's positional arguments."""
        ...

    @property
    def kwargs(self) -> Mapping[str, object]:
        """The operation's named arguments."""
        ...

    @property
    def policy_name(self) -> str:
        """The policy's name, "" where it has none."""
        ...

    waited: float
    """Seconds that this execution has waited for stores since its attempt was asked for."""

    def publish(self, event: Event, /) -> None:
        """Tell the execution's listeners."""
        ...


class Ending(Value):
    """How one attempt ended.

    Args:
        attempt: its number, from 1.
        outcome: what it did.
        verdict: what that means to the policy.
        seconds: how long it took.
    """

    attempt: int
    outcome: Outcome[object]
    verdict: Verdict
    seconds: float


class Pending(Protocol):
    """A question to a store that is elsewhere."""

    def perform(self) -> Refusal | None:
        """Ask in synchronous code."""
        ...

    async def perform_async(self) -> Refusal | None:
        """Ask in asynchronous code."""
        ...


Said: TypeAlias = "Refusal | Pending | None"


class Visit(Protocol):
    """One guard in one execution."""

    def enter(self, attempt: int, now: float, /) -> Said:
        """Let the attempt with this number begin, or refuse it."""
        ...

    def leave(self, ending: Ending, now: float, /) -> Said:
        """Count what an attempt did."""
        ...

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:
        """Let a retry after this delay be planned, or refuse it."""
        ...

    def release(self, now: float, /) -> Said:
        """Give back what is held for an attempt that did not happen, or was cancelled; it counts as nothing."""
        ...


class Watching(Protocol):
    """A guard that sees the outcomes of the attempts that it lets begin."""

    def visit(self, call: Call, /) -> Visit:
        """Answer this guard's part in one execution."""
        ...


AnyGuard: TypeAlias = Guard | Watching
