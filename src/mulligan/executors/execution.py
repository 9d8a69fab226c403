"""What belongs to one call rather than to the policy: observer, stop token, state, seed and clock.

Rules:
- An `Execution` is only a description and may be run more than once; each run is an execution of its own.
- Its methods have two signatures: a policy that judges any value keeps the operation's own type; one that judges values
  of a type answers that type, and an operation of another type is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar, overload

from mulligan.decision import State
from mulligan.errors import ConfigError
from mulligan.executors.answers import answer, answer_async
from mulligan.executors.asynchronous import begin_asynchronous, drive_async
from mulligan.executors.block import Attempts
from mulligan.executors.subject import policy_of
from mulligan.executors.synchronous import begin_synchronous, drive
from mulligan.schedules.arguments import check_seed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.clock import Clock
    from mulligan.events import OnRetry
    from mulligan.executors.run import Run
    from mulligan.executors.stopping import StopToken
    from mulligan.executors.subject import Subject
    from mulligan.outcome import Failed, Succeeded

__all__ = ["Execution", "attempts", "try_execute", "try_execute_async"]

P = ParamSpec("P")
R = TypeVar("R")
V_contra = TypeVar("V_contra", contravariant=True)


class Execution(Generic[V_contra]):
    """One call of an operation under a policy, with what belongs to this call alone.

    Args:
        policy: the policy, or a pipeline around one.
        on_retry: called with a `Retrying` event inside the handler of the error, before the sleep. What it raises
            is raised. In asynchronous code it may be a coroutine function.
        stop: a `threading.Event`, `asyncio.Event` or anything with `is_set`; once it is set, no
            further attempt is made.
        resume: the state of an execution to go on with; its seed is kept.
        seed: fixes every random draw.
        clock: where time comes from and how it passes.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Policy
    >>> Execution(Policy(retry_on=ConnectionError), seed=7).run(max, 1, 2)
    2
    """

    policy: Subject[V_contra]
    on_retry: OnRetry | None
    stop: StopToken | None
    resume: State | None
    seed: int | None
    clock: Clock | None

    __slots__ = ("clock", "on_retry", "policy", "resume", "seed", "stop")

    def __init__(
        self,
        policy: Subject[V_contra],
        *,
        on_retry: OnRetry | None = None,
        stop: StopToken | None = None,
        resume: State | None = None,
        seed: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        policy_of(policy)
        if on_retry is not None and not callable(on_retry):
            raise ConfigError("on_retry", on_retry, "give a function of one event")
        if stop is not None and not callable(getattr(stop, "is_set", None)):
            raise ConfigError("stop", stop, "give a threading.Event, an asyncio.Event or an object with is_set()")
        if seed is not None and resume is not None:
            raise ConfigError("seed", seed, "a resumed execution keeps the seed of its state")
        if clock is not None and not callable(getattr(clock, "monotonic", None)):
            raise ConfigError("clock", clock, "give a clock, such as SystemClock()")
        if resume is not None:
            _refuse_other(resume)
        self.policy = policy
        self.on_retry = on_retry
        self.stop = stop
        self.resume = resume
        self.seed = None if seed is None else check_seed(seed)
        self.clock = clock

    @overload
    def run(self: Execution[object], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    def run(self: Execution[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: ...
    def run(self: Execution[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function; as `execute`."""
        return drive(self._begin(), fn, *args, **kwargs)

    @overload
    async def run_async(
        self: Execution[object], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> R: ...
    @overload
    async def run_async(
        self: Execution[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> R: ...
    async def run_async(self: Execution[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an async function; as `execute_async`."""
        return await drive_async(self._begin_async(), fn, *args, **kwargs)

    @overload
    def try_run(
        self: Execution[object], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Succeeded[R] | Failed[R]: ...
    @overload
    def try_run(
        self: Execution[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Succeeded[R] | Failed[R]: ...
    def try_run(
        self: Execution[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Succeeded[R] | Failed[R]:
        """Call a function and answer how it ended; as `try_execute`."""
        return answer(self._begin(), fn, *args, **kwargs)

    @overload
    async def try_run_async(
        self: Execution[object], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Succeeded[R] | Failed[R]: ...
    @overload
    async def try_run_async(
        self: Execution[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Succeeded[R] | Failed[R]: ...
    async def try_run_async(
        self: Execution[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Succeeded[R] | Failed[R]:
        """Call an async function and answer how it ended; as `try_execute_async`."""
        return await answer_async(self._begin_async(), fn, *args, **kwargs)

    def attempts(self) -> Attempts[V_contra]:
        """Answer the attempts, to be made in blocks; as `attempts`."""
        return Attempts(self._begin, self._begin_async)

    def _begin(self) -> Run[V_contra]:
        return self._prepared(begin_synchronous(self.policy, self.clock))

    def _begin_async(self) -> Run[V_contra]:
        return self._prepared(begin_asynchronous(self.policy, self.clock))

    def _prepared(self, run: Run[V_contra]) -> Run[V_contra]:
        run.on_retry, run.stop, run.seed = self.on_retry, self.stop, self.seed
        if self.resume is not None:
            run.resume(self.resume)
        return run


def _refuse_other(resume: object) -> None:
    if not isinstance(resume, State):
        raise ConfigError("resume", resume, "give a State, such as that of a Retrying event")


def attempts(policy: Subject[R], /) -> Attempts[R]:
    """Answer the attempts of an execution, to be made in blocks.

    Args:
        policy: the policy, or a pipeline around one.

    >>> from mulligan import Policy
    >>> for attempt in attempts(Policy(retry_on=ConnectionError)):
    ...     with attempt:
    ...         print("attempt", attempt.number)
    attempt 1
    """
    return Execution(policy).attempts()


def try_execute(
    policy: Subject[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
) -> Succeeded[R] | Failed[R]:
    """Call a function under a policy and answer how it ended, instead of raising.

    Args:
        policy: the policy, or a pipeline around one.
        fn: the operation.
        args: passed to the operation.
        kwargs: passed to the operation.

    >>> from mulligan import Policy
    >>> answer = try_execute(Policy(retry_on=ConnectionError), int, "x")
    >>> answer.error, answer.reason, answer.attempts
    (ValueError("invalid literal for int() with base 10: 'x'"), <Reason.NOT_RETRYABLE: 'not_retryable'>, 1)
    """
    return Execution(policy).try_run(fn, *args, **kwargs)


async def try_execute_async(
    policy: Subject[R], fn: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
) -> Succeeded[R] | Failed[R]:
    """Call an async function under a policy and answer how it ended, instead of raising.

    Args:
        policy: the policy, or a pipeline around one.
        fn: the operation; anything that answers an awaitable.
        args: passed to the operation.
        kwargs: passed to the operation.
    """
    return await Execution(policy).try_run_async(fn, *args, **kwargs)
