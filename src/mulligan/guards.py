"""The seam for guards: what may refuse an attempt.

Rules: a guard is stateful and stays outside the policy; a `Pipeline` puts guards around one. A guard answers at once
and never calls the operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mulligan.outcome import Refusal

__all__ = ["Guard"]


class Guard(Protocol):
    """Anything that may refuse an attempt: a circuit breaker, a retry budget, a throttle."""

    def admit(self, attempt: int, /) -> Refusal | None:
        """Answer a refusal of the attempt with this number, or `None` to let it begin.

        The first attempt is asked about before it begins, a retry before the sleep that precedes it.
        """
        ...
