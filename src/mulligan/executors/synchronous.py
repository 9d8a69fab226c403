"""The synchronous executor.

Rules:
- Where the policy is plain, a success costs a bare `try` around the call: no clock, no context variable, no run. What
  follows a failure is in `plain`.
- The next attempt is made outside the handler of the last error, so no error hides another one as its context and no
  frame of an attempt outlives it.
- An operation that answers an awaitable is a TypeError: nobody would await it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mulligan import audience as audiences
from mulligan import clock as clocks
from mulligan._awaitables import discard, is_awaitable, plain_types
from mulligan._functions import answers_awaitable, named
from mulligan.decision import Stop
from mulligan.errors import ConfigError
from mulligan.executors.plain import PlainRun
from mulligan.executors.published import publisher
from mulligan.executors.run import Run
from mulligan.executors.subject import policy_of
from mulligan.outcome import Raised, Returned
from mulligan.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Never, Protocol

    from mulligan.audience import Audience
    from mulligan.clock import Clock
    from mulligan.decision import Retry
    from mulligan.executors.subject import Subject
    from mulligan.guards.calm import Calm
    from mulligan.outcome import Outcome

    class Narrate(Protocol):
        """Begins a run that somebody listens to."""

        def __call__(self, policy: Policy[R], audience: Audience, /) -> Run[R]:
            """Answer the run."""
            ...


__all__ = ["again", "announce", "begin", "begin_synchronous", "bridged", "calmly", "drive", "execute", "refused"]

P = ParamSpec("P")
R = TypeVar("R")
_narrate: Narrate | None = None


def execute(  # noqa: C901 - the first attempt is written out, because a further call would cost as much as all of it
    policy: Subject[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Call a function under a policy.

    Args:
        policy: the policy, or a pipeline around one.
        fn: the operation.
        args: passed to the operation.
        kwargs: passed to the operation.

    Returns:
        What the operation returns at last.

    Raises:
        RetryExhausted: when the last value is not accepted, or the policy wraps errors.
        Rejected: when a guard refuses the first attempt.
        TypeError: when the operation answers an awaitable.
        ConfigError: when the policy enforces an attempt timeout, which synchronous code can't.

    Any other error is the operation's own last one.

    >>> from mulligan import Policy
    >>> execute(Policy(retry_on=ConnectionError), max, 1, 2)
    2
    """
    if policy.plain and audiences.everywhere is None:
        try:
            value = fn(*args, **kwargs)
        except BaseException as error:
            rest = PlainRun(policy_of(policy))
            delay = rest.recover(error)
            if delay is None:
                raise
        else:
            if type(value) in plain_types or not is_awaitable(value):
                return value
            raise refused(fn, value)
        return again(rest, delay, fn, *args, **kwargs)
    if isinstance(policy, Policy) and policy.timed and audiences.everywhere is None:
        key = None if policy.idempotency_key is None else policy.idempotency_key()
        clock = clocks.installed
        began = time.monotonic() if clock is None else clock.monotonic()
        token = publisher.set((policy, began, key, clock))
        try:
            value = fn(*args, **kwargs)
        except BaseException as error:
            run = Run(policy)
            run.origin, run.key = began, key
            decision = run.failed(error)
            if isinstance(decision, Stop):
                raise
        else:
            if type(value) in plain_types or not is_awaitable(value):
                return value
            raise refused(fn, value)
        finally:
            publisher.reset(token)
        return drive_on(run, decision, fn, *args, **kwargs)
    if not isinstance(policy, Policy) and policy.calm is not None and audiences.everywhere is None:
        return calmly(policy, policy.calm, fn, *args, **kwargs)
    return drive(begin_synchronous(policy, None), fn, *args, **kwargs)


def calmly(policy: Subject[R], calm: Calm, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Pass the guards by while they are quiet; `mulligan.guards.calm` says when that is."""
    seen = calm.seen
    if seen.mark is not calm.epoch.mark:
        seen = calm.look(args, kwargs)
    states = seen.states
    if states is None:
        return drive(begin_synchronous(policy, None), fn, *args, **kwargs)
    outcome: Outcome[R]
    try:
        value = fn(*args, **kwargs)
    except BaseException as error:  # noqa: BLE001 - it is played to the run, which raises it
        outcome = Raised(error)
    else:
        if type(value) not in plain_types and is_awaitable(value):
            raise refused(fn, value)
        if seen.mark is calm.epoch.mark or seen.is_still():
            return value
        outcome = Returned(value)
    from mulligan.executors.calm import Replayed, resumed  # noqa: PLC0415 - only who is disturbed pays for it

    replayed = Replayed(fn, outcome)
    del outcome
    return drive(resumed(policy, states, None), replayed, *args, **kwargs)


def again(run: PlainRun[Never], delay: float, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Sleep and attempt on, on the plain path."""
    while True:
        if delay > 0:
            pause(run, delay)
        try:
            value = fn(*args, **kwargs)
        except BaseException as error:
            following = run.recover(error)
            if following is None:
                raise
            delay = following
        else:
            if type(value) not in plain_types and is_awaitable(value):
                raise refused(fn, value)
            return value


def begin(subject: Subject[R], clock: Clock | None) -> Run[R]:
    """Begin a run with what the policy and the pipeline around it ask for."""
    policy = policy_of(subject)
    audience = audiences.everywhere if isinstance(subject, Policy) else subject.audience
    run = Run(policy) if audience is None else _narrated(policy, audience)
    if clock is not None:
        run.use(clock)
    if not isinstance(subject, Policy):
        run.guards = tuple(subject.guards)
    if policy.idempotency_key is not None:
        run.key = policy.idempotency_key()
    run.keeps_history = policy.judges_values or policy.on_exhausted == "wrap"
    return run


def _narrated(policy: Policy[R], audience: Audience) -> Run[R]:
    global _narrate  # noqa: PLW0603 - an import statement costs as much as half of beginning a run
    if _narrate is None:
        from mulligan.executors.narrated import NarratedRun  # noqa: PLC0415 - only who listens pays for it

        _narrate = NarratedRun
    return _narrate(policy, audience)


def begin_synchronous(subject: Subject[R], clock: Clock | None) -> Run[R]:
    """Begin a run in synchronous code.

    Raises:
        ConfigError: when the policy enforces an attempt timeout.
    """
    refuse_enforcement(subject)
    return begin(subject, clock)


def refuse_enforcement(subject: Subject[Never]) -> None:
    """Refuse an attempt timeout that nothing could enforce.

    Raises:
        ConfigError: when the policy enforces an attempt timeout.
    """
    policy = policy_of(subject)
    if policy.attempt_timeout is not None and policy.attempt_timeout_mode == "enforce":
        remedy = "nothing can interrupt synchronous code: give attempt_timeout_mode='advise', to only publish it"
        raise ConfigError("attempt_timeout", policy.attempt_timeout, remedy)


def drive(run: Run[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Attempt until the run stops, with whatever the run has around its attempts."""
    try:
        if not run.guards:
            run.admit()
            return drive_on(run, None, fn, *args, **kwargs)
        watch = run.watched(args, kwargs)
        try:
            watch.drive(watch.admit())
            return drive_on(run, None, fn, *args, **kwargs)
        finally:
            if watch.holding:
                watch.drive(watch.release())
            run.watch = None  # a cycle would be left to the collector
    except BaseException as error:
        run.interrupted(error)
        raise


def drive_on(run: Run[R], decision: Retry | None, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Attempt on after a decision, `None` before the first attempt."""
    if not run.policy.publishes:
        return _attempts(run, decision, fn, *args, **kwargs)
    token = publisher.set(run)
    try:
        return _attempts(run, decision, fn, *args, **kwargs)
    finally:
        publisher.reset(token)


def _attempts(run: Run[R], decision: Retry | None, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    while True:
        if decision is not None:
            _bridge(run, decision)
        run.started()
        try:
            value = fn(*args, **kwargs)
        except BaseException as error:
            decided = run.failed(error)
            if isinstance(decided, Stop):
                raise
            decision = decided
            announce(run, decision, error, None)
            if run.bridges() and (stop := bridged(run, decision.delay)) is not None:
                run.give_up(stop, error)
                raise
        else:
            if type(value) not in plain_types and is_awaitable(value):
                raise refused(fn, value)
            decided = run.returned(value)
            if isinstance(decided, Stop):
                return value
            decision = decided
            announce(run, decision, None, value)
            if run.bridges() and (stop := bridged(run, decision.delay)) is not None:
                run.answer(stop, value)
                return value


def _bridge(run: Run[Never], decision: Retry) -> None:
    """Let the delay pass, unless that happened where the last attempt ended, and count the next attempt."""
    if not run.bridges():
        pause(run, decision.delay)
    run.advance(decision)


def announce(run: Run[Never], decision: Retry, error: BaseException | None, value: object) -> None:
    """Publish that another attempt follows, inside the handler of the error.

    Raises:
        TypeError: when `on_retry` is async.
    """
    if run.on_retry is None and not run.heard:
        return
    event = run.retrying(decision, error, value)
    if run.on_retry is None:
        return
    answer = run.on_retry(event)
    if is_awaitable(answer):
        discard(answer)
        raise TypeError(f"on_retry: {named(run.on_retry)} is async: give a plain function, or use run_async") from error


def bridged(run: Run[Never], delay: float) -> Stop | None:
    """Let the delay pass where somebody may refuse the retry meanwhile; answer why it is not made."""
    if not undisturbed(run, delay):
        return run.stopped()
    return None if run.watch is None else run.watch.drive(run.watch.proceed())


def undisturbed(run: Run[Never], delay: float) -> bool:
    """Sleep until the stop token is set or the delay has passed; answer whether the token stayed unset."""
    if run.stop is None:
        pause(run, delay)
        return True
    wait: object = getattr(run.stop, "wait", None)
    if run.clock is None and callable(wait) and not answers_awaitable(wait):
        wait(delay)
        return not run.stop.is_set()
    from mulligan.executors.stopping import slices  # noqa: PLC0415 - only who gives a stop token pays for it

    for piece in slices(delay):
        if run.stop.is_set():
            break
        pause(run, piece)
    return not run.stop.is_set()


def pause(run: Run[Never], delay: float) -> None:
    """Let the delay pass; a delay of 0 costs nothing."""
    if delay > 0:
        if run.clock is None:
            time.sleep(delay)
        else:
            run.clock.sleep(delay)


def refused(fn: object, awaitable: object) -> TypeError:
    """Answer the error for an operation that answered an awaitable, which is closed."""
    kind = type(awaitable).__name__
    discard(awaitable)
    return TypeError(f"{named(fn)} answered a {kind}: use execute_async, or decorate an async function")
