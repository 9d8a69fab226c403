"""Executions that passed quiet guards by, and need them after all.

The attempt failed, or other executions disturbed the guards meanwhile.

Rules: the attempt is not made again; its outcome is played to the run that begins here. So the seconds of such an
execution are counted from its first failure, as on the plain path, and guards go on from the states in which the
attempt began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from mulligan.executors.plain import PlainRun
from mulligan.executors.synchronous import begin
from mulligan.outcome import Raised

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.clock import Clock
    from mulligan.executors.run import Run
    from mulligan.executors.subject import Subject
    from mulligan.outcome import Outcome

__all__ = ["AsyncReplayed", "Replayed", "resumed"]

P = ParamSpec("P")
R = TypeVar("R")


class Replayed(Generic[P, R]):
    """An operation whose first attempt was made already.

    Args:
        fn: the operation.
        outcome: what the attempt did.
    """

    def __init__(self, fn: Callable[P, R], outcome: Outcome[R]) -> None:
        self.fn = fn
        self.outcome: Outcome[R] | None = outcome

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do what the attempt did, once; then call the operation."""
        outcome, self.outcome = self.outcome, None
        if outcome is None:
            return self.fn(*args, **kwargs)
        if isinstance(outcome, Raised):
            try:
                raise outcome.error
            finally:
                del outcome  # a frame that holds its own error would be a cycle
        return outcome.value


class AsyncReplayed(Generic[P, R]):
    """An async operation whose first attempt was made already.

    Args:
        fn: the operation.
        outcome: what the attempt did.
    """

    def __init__(self, fn: Callable[P, Awaitable[R]], outcome: Outcome[R]) -> None:
        self.fn = fn
        self.outcome: Outcome[R] | None = outcome

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do what the attempt did, once; then call the operation."""
        outcome, self.outcome = self.outcome, None
        if outcome is None:
            return await self.fn(*args, **kwargs)
        if isinstance(outcome, Raised):
            try:
                raise outcome.error
            finally:
                del outcome  # as above
        return outcome.value


def resumed(subject: Subject[R], states: tuple[object, ...], clock: Clock | None) -> Run[R]:
    """Begin a run whose guards go on from the states in which its first attempt began.

    Args:
        subject: the pipeline.
        states: of its guards.
        clock: where time comes from, `None` in synchronous code.
    """
    run = begin(subject, clock)
    run.since = PlainRun.since
    run.rested = states
    return run
