"""The guard of one request: it refuses retries of what may not, or can't, be sent again.

Rules: it is the first of the guards, so that no budget pays for a retry that isn't made. It refuses retries alone, so
breakers and budgets see the first attempt's outcome as they see any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.integrations.http.kinds import Kind
from mulligan.outcome import Raised, Reason, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.guards.protocol import Call, Ending, Said

__all__ = ["Gate"]


class Gate:
    """Refuse to send one request again, for the request's own sake; guard and visit at once.

    Args:
        allowed: whether it may be sent again.
        unsent: whether it may where no connection was there.
        replayable: tells whether its body can be sent again.
        kind: answers what an error says about the request.
    """

    __slots__ = ("allowed", "consumed", "kind", "replayable", "unsent")

    def __init__(
        self,
        *,
        allowed: bool,
        unsent: bool,
        replayable: Callable[[], bool],
        kind: Callable[[BaseException], Kind],
    ) -> None:
        self.allowed: bool = allowed
        self.unsent: bool = unsent
        self.replayable: Callable[[], bool] = replayable
        self.kind: Callable[[BaseException], Kind] = kind
        self.consumed: bool = False

    def visit(self, call: Call, /) -> Gate:  # noqa: ARG002 - the protocol's
        """Answer itself: it serves one request."""
        return self

    def enter(self, attempt: int, now: float, /) -> Said:
        """Refuse no attempt."""

    def leave(self, ending: Ending, now: float, /) -> Said:
        """Count nothing."""

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Refuse what may not be sent again, and what can't."""
        outcome = ending.outcome
        unsent = isinstance(outcome, Raised) and self.kind(outcome.error) is Kind.UNSENT
        if not (self.allowed or (unsent and self.unsent)):
            return Refusal(by="request", reason=Reason.NOT_RETRYABLE)
        if not unsent and not self.replayable():
            self.consumed = True
            return Refusal(by="request body", reason=Reason.NOT_RETRYABLE)
        return None

    def release(self, now: float, /) -> Said:
        """Hold nothing."""
