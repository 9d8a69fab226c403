"""The path of plain executions, whose first attempt needs nothing beside the call: what follows when it has failed.

Rules: the seconds of such an execution are counted from its first failure, and its note says so. Where `next_delay` has
the answer it is asked at once, and no values are made.
"""

from __future__ import annotations

from typing import TypeVar

from mulligan.decision import Stop, next_delay
from mulligan.executors import switch
from mulligan.executors.exhaustion import MARK, unmark
from mulligan.executors.run import Run
from mulligan.seed import fresh_seed

__all__ = ["PlainRun"]

V_contra = TypeVar("V_contra", contravariant=True)


class PlainRun(Run[V_contra]):
    """The rest of a plain execution, begun when its first attempt has failed."""

    since: str = " since the first failure"

    # set below, so the check that every public type is known wants them declared here too
    attempt: int = 1
    previous: float | None = None
    seed: int | None = None

    def recover(self, error: BaseException) -> float | None:
        """Answer the seconds to wait after a failure; `None` where the error is to be raised.

        Raises:
            ClassifierError: when the predicate fails.
        """
        policy = self.policy
        if isinstance(error, policy.retry_types) and not switch.disabled:
            attempt, seed = self.attempt, self.seed
            if seed is None:
                seed = self.seed = fresh_seed()
                if hasattr(error, MARK):  # unmark asks too, but most errors need no call
                    unmark(error)
            step = next_delay(policy, attempt, seed, self.previous, 0.0)
            if not isinstance(step, str):
                self.attempt, self.previous = attempt + 1, step
                return step
        decision = self.failed(error)
        if isinstance(decision, Stop):
            return None
        self.advance(decision)
        return decision.delay
