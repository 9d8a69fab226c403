"""The asynchronous executor: what the synchronous one does, with `await`.

Rules:
- Where the policy is plain, a success costs a bare `try` around the await.
- A delay of 0 still lets other tasks run.
- Cancellation passes at once, in an attempt and in a sleep, unless `retry_on` names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mulligan import audience as audiences
from mulligan._awaitables import is_awaitable
from mulligan._functions import named
from mulligan._policy_fields import UNSET, Unset
from mulligan.clock import running_clock
from mulligan.decision import Stop
from mulligan.executors.plain import PlainRun
from mulligan.executors.published import publisher
from mulligan.executors.subject import policy_of
from mulligan.executors.synchronous import begin
from mulligan.outcome import Raised, Returned
from mulligan.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Never

    from mulligan.clock import Clock
    from mulligan.decision import Retry
    from mulligan.executors.run import Run
    from mulligan.executors.subject import Subject
    from mulligan.guards.calm import Calm
    from mulligan.outcome import Outcome

__all__ = ["again_async", "begin_asynchronous", "bridged_async", "calmly_async", "drive_async", "execute_async"]

P = ParamSpec("P")
R = TypeVar("R")


async def execute_async(policy: Subject[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call an async function under a policy.

    Args:
        policy: the policy, or a pipeline around one.
        fn: the operation; anything that answers an awaitable.
        args: passed to the operation.
        kwargs: passed to the operation.

    Returns:
        What the operation returns at last.

    Raises:
        RetryExhausted: when the last value is not accepted, or the policy wraps errors.
        Rejected: when a guard refuses the first attempt.

    Any other error is the operation's own last one.

    >>> import asyncio
    >>> from mulligan import Policy
    >>> async def answer() -> int:
    ...     return 42
    >>> asyncio.run(execute_async(Policy(retry_on=ConnectionError), answer))
    42
    """
    if policy.plain and audiences.everywhere is None:
        pending: Awaitable[R] | Unset = UNSET
        try:
            pending = fn(*args, **kwargs)
            return await pending
        except BaseException as error:
            _refuse_synchronous(fn, pending, error)
            run = failed_plainly(policy)
            delay = run.recover(error)
            if delay is None:
                raise
        return await again_async(run, delay, fn, *args, **kwargs)
    if not isinstance(policy, Policy) and policy.calm is not None and audiences.everywhere is None:
        return await calmly_async(policy, policy.calm, fn, *args, **kwargs)
    return await drive_async(begin_asynchronous(policy, None), fn, *args, **kwargs)


async def calmly_async(
    policy: Subject[R], calm: Calm, fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Pass the guards by while they are quiet; `mulligan.guards.calm` says when that is."""
    seen = calm.seen
    if seen.mark is not calm.epoch.mark:
        seen = calm.look(args, kwargs)
    states = seen.states
    if states is None:
        return await drive_async(begin_asynchronous(policy, None), fn, *args, **kwargs)
    outcome: Outcome[R]
    pending: Awaitable[R] | Unset = UNSET
    try:
        pending = fn(*args, **kwargs)
        value = await pending
    except BaseException as error:  # noqa: BLE001 - it is played to the run, which raises it
        _refuse_synchronous(fn, pending, error)
        outcome = Raised(error)
    else:
        if seen.mark is calm.epoch.mark or seen.is_still():
            return value
        outcome = Returned(value)
    from mulligan.executors.calm import AsyncReplayed, resumed  # noqa: PLC0415 - only who is disturbed pays for it

    replayed = AsyncReplayed(fn, outcome)
    del outcome
    return await drive_async(resumed(policy, states, running_clock()), replayed, *args, **kwargs)


def failed_plainly(subject: Subject[R]) -> PlainRun[R]:
    """Begin the run of a plain execution whose first attempt has failed."""
    run = PlainRun(policy_of(subject))
    run.use(running_clock())
    return run


def begin_asynchronous(subject: Subject[R], clock: Clock | None) -> Run[R]:
    """Begin a run in the event loop that runs."""
    return begin(subject, running_clock() if clock is None else clock)


async def again_async(
    run: PlainRun[Never], delay: float, fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Sleep and attempt on, on the plain path."""
    while True:
        await pause_async(run, delay)
        try:
            return await fn(*args, **kwargs)
        except BaseException as error:
            following = run.recover(error)
            if following is None:
                raise
            delay = following


async def drive_async(run: Run[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Attempt until the run stops, with whatever the run has around its attempts."""
    try:
        if not run.guards:
            run.admit()
            return await _drive_on_async(run, fn, *args, **kwargs)
        watch = run.watched(args, kwargs)
        try:
            await watch.drive_async(watch.admit())
            return await _drive_on_async(run, fn, *args, **kwargs)
        finally:
            if watch.holding:
                await watch.drive_async(watch.release())
            run.watch = None  # as in synchronous code
    except BaseException as error:
        run.interrupted(error)
        raise


async def _drive_on_async(run: Run[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
    if not run.policy.publishes:
        return await _attempts_async(run, fn, *args, **kwargs)
    token = publisher.set(run)
    try:
        return await _attempts_async(run, fn, *args, **kwargs)
    finally:
        publisher.reset(token)


async def _attempts_async(run: Run[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
    limit = run.attempt_limit()
    while True:
        pending: Awaitable[R] | Unset = UNSET
        if run.heard:
            run.started()
        try:
            pending = fn(*args, **kwargs)
            value = await (pending if limit is None else _limited(run.attempt, limit, pending))
        except BaseException as error:
            _refuse_synchronous(fn, pending, error)
            watch = run.watch
            decision = run.failed(error) if watch is None else await watch.drive_async(watch.failed(error))
            if isinstance(decision, Stop):
                raise
            await _announce_async(run, decision, error, None)
            if run.bridges() and (stop := await bridged_async(run, decision.delay)) is not None:
                run.give_up(stop, error)
                raise
        else:
            watch = run.watch
            decision = run.returned(value) if watch is None else await watch.drive_async(watch.returned(value))
            if isinstance(decision, Stop):
                return value
            await _announce_async(run, decision, None, value)
            if run.bridges() and (stop := await bridged_async(run, decision.delay)) is not None:
                run.answer(stop, value)
                return value
        if not run.bridges():
            await pause_async(run, decision.delay)
        run.advance(decision)


async def _limited(number: int, seconds: float, pending: Awaitable[R]) -> R:
    from mulligan.executors.attempt_limit import limited  # noqa: PLC0415 - only who limits attempts pays for it

    return await limited(number, seconds, pending)


def _refuse_synchronous(fn: object, pending: object, error: BaseException) -> None:
    """Tell a function that is not async from an operation that raises a TypeError.

    Raises:
        TypeError: when the function answered what can't be awaited.
    """
    if isinstance(error, TypeError) and pending is not UNSET and not is_awaitable(pending):
        raise TypeError(
            f"{named(fn)} is no async function: it answered {type(pending).__name__}; use execute"
        ) from None


async def _announce_async(run: Run[R], decision: Retry, error: BaseException | None, value: object) -> None:
    if run.on_retry is None and not run.heard:
        return
    event = run.retrying(decision, error, value)
    if run.on_retry is None:
        return
    answer = run.on_retry(event)
    if is_awaitable(answer):
        await answer


async def bridged_async(run: Run[Never], delay: float) -> Stop | None:
    """Let the delay pass where somebody may refuse the retry meanwhile; answer why it is not made."""
    if not await undisturbed_async(run, delay):
        return run.stopped()
    return None if run.watch is None else await run.watch.drive_async(run.watch.proceed())


async def undisturbed_async(run: Run[Never], delay: float) -> bool:
    """Sleep until the stop token is set or the delay has passed; answer whether the token stayed unset."""
    if run.stop is None:
        await pause_async(run, delay)
        return True
    from mulligan.executors.stopping import slices  # noqa: PLC0415 - only who gives a stop token pays for it

    for piece in slices(delay):
        if run.stop.is_set():
            break
        await pause_async(run, piece)
    return not run.stop.is_set()


async def pause_async(run: Run[Never], delay: float) -> None:
    """Let the delay pass, and other tasks run."""
    clock = run.clock if run.clock is not None else running_clock()
    await clock.sleep_async(delay)
