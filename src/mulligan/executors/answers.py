"""Executing with an answer instead of an error: `Succeeded | Failed`.

Rules: what the operation raised, or a guard's refusal, is answered. Control flow (whatever is no `Exception`) and what
others raise (a predicate's error, what `on_retry` raises) is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mulligan.executors.asynchronous import drive_async
from mulligan.executors.synchronous import drive
from mulligan.outcome import Failed, Reason, Succeeded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.executors.run import Run

__all__ = ["answer", "answer_async"]

P = ParamSpec("P")
R = TypeVar("R")


def answer(run: Run[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Succeeded[R] | Failed[R]:
    """Attempt until the run stops, and answer how it ended."""
    run.answering = True
    run.keeps_history = True
    try:
        value = drive(run, fn, *args, **kwargs)
    except Exception as error:
        if run.reason is Reason.INTERRUPTED:
            raise
        return _failed(run, error, None)
    return _returned(run, value)


async def answer_async(
    run: Run[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
) -> Succeeded[R] | Failed[R]:
    """Attempt until the run stops, and answer how it ended."""
    run.answering = True
    run.keeps_history = True
    try:
        value = await drive_async(run, fn, *args, **kwargs)
    except Exception as error:
        if run.reason is Reason.INTERRUPTED:
            raise
        return _failed(run, error, None)
    return _returned(run, value)


def _returned(run: Run[R], value: R) -> Succeeded[R] | Failed[R]:
    if run.reason is Reason.ACCEPTED:
        return Succeeded(value=value, attempts=run.attempt, elapsed=run.elapsed())
    return _failed(run, None, value)


def _failed(run: Run[R], error: Exception | None, value: R | None) -> Failed[R]:
    return Failed(
        error=error,
        last_value=value,
        reason=run.reason,
        attempts=run.made(),
        elapsed=run.elapsed(),
        history=tuple(run.history or ()),
    )
