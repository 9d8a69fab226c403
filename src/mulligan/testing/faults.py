"""Chaos: an operation that fails and dawdles at random, by a seed, under the policy that is to cope with it.

Rules: the same seed gives the same faults at the same calls, on every platform. An error is drawn from what the policy
retries, unless others are given. In virtual time latency is nobody's waiting.
"""

from __future__ import annotations

import threading
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from mulligan._functions import is_async
from mulligan.errors import ConfigError
from mulligan.executors.decorator import retry
from mulligan.executors.subject import policy_of, serves
from mulligan.schedules.counter import uniform
from mulligan.testing.virtual import spend, spend_async

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Never

    from mulligan.executors.subject import Subject

__all__ = ["Chaos", "chaos"]

P = ParamSpec("P")
R = TypeVar("R")
_DRAWS = 3  # a call draws whether it fails, how long it takes, and what it raises


class Chaos:
    """Faults around an operation, drawn by a seed; `chaos` makes it.

    Args:
        policy: the policy that copes with them.
        rates: the shares of calls that fail before the operation and after it.
        latency: the least and the greatest seconds that a call takes.
        errors: what is raised.
        seed: fixes every draw.
    """

    def __init__(
        self,
        policy: Subject[object],
        *,
        rates: tuple[float, float],
        latency: tuple[float, float],
        errors: Sequence[BaseException | type[BaseException]],
        seed: int,
    ) -> None:
        self.policy = policy
        self.calls: int = 0
        self.failed: int = 0
        self.lost: int = 0
        self._rates, self._latency, self._errors, self._seed = rates, latency, errors, seed
        self._lock = threading.Lock()

    def __call__(self, fn: Callable[P, R]) -> Callable[P, R]:
        """Answer the operation, retried under the policy, with faults at each attempt.

        Args:
            fn: the operation, sync or async.
        """
        if is_async(fn):
            return cast("Callable[P, R]", retry(self.policy)(self._asynchronous(fn)))
        return retry(self.policy)(self._synchronous(fn))

    def _synchronous(self, fn: Callable[P, R]) -> Callable[P, R]:
        @wraps(fn)
        def faulty(*args: P.args, **kwargs: P.kwargs) -> R:
            fault, seconds, error = self._draw()
            spend(seconds)
            if fault == "failed":
                raise error
            value = fn(*args, **kwargs)
            if fault == "lost":
                raise error
            return value

        return faulty

    def _asynchronous(self, fn: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(fn)
        async def faulty(*args: P.args, **kwargs: P.kwargs) -> R:
            fault, seconds, error = self._draw()
            await spend_async(seconds)
            if fault == "failed":
                raise error
            value = await fn(*args, **kwargs)
            if fault == "lost":
                raise error
            return value

        return faulty

    def _draw(self) -> tuple[str, float, BaseException | type[BaseException]]:
        with self._lock:
            first = self.calls * _DRAWS + 1
            self.calls += 1
            fault = self._fault(uniform(self._seed, first))
            self.failed += fault == "failed"
            self.lost += fault == "lost"
        least, greatest = self._latency
        seconds = least + (greatest - least) * uniform(self._seed, first + 1)
        error = self._errors[int(uniform(self._seed, first + 2) * len(self._errors))]
        return fault, seconds, error

    def _fault(self, drawn: float) -> str:
        error_rate, lost_rate = self._rates
        if drawn < error_rate:
            return "failed"
        return "lost" if drawn < error_rate + lost_rate else ""


def chaos(
    policy: Subject[Never],
    *,
    error_rate: float = 0.0,
    lost_rate: float = 0.0,
    latency: float | tuple[float, float] = 0.0,
    errors: Sequence[BaseException | type[BaseException]] = (),
    seed: int,
) -> Chaos:
    """Let an operation fail at random and see how a policy copes.

    Args:
        policy: the policy, or a pipeline around one.
        error_rate: the share of attempts that fail instead of calling the operation, from 0 to 1.
        lost_rate: the share of attempts whose answer is lost: the operation is called, and then an error is raised.
            An operation that is not idempotent shows itself so.
        latency: seconds that each attempt takes, or the least and the greatest.
        errors: what is raised, errors or their classes; what the policy retries where none is given.
        seed: fixes every draw.

    Raises:
        ConfigError: when a rate or a latency is out of its range, or there is nothing to raise.

    >>> from mulligan import Policy, constant
    >>> from mulligan.testing import virtual_time
    >>> unreliable = chaos(Policy(retry_on=ConnectionError, schedule=constant(1)), error_rate=0.5, seed=7)
    >>> with virtual_time() as clock:
    ...     answers = [unreliable(len)("page") for _ in range(4)]
    >>> answers, unreliable.calls, unreliable.failed, clock.sleeps
    ([4, 4, 4, 4], 7, 3, [1.0, 1.0, 1.0])
    """
    if not serves(policy):
        raise ConfigError("policy", policy, "give the policy that is to cope with it")
    for name, rate in (("error_rate", error_rate), ("lost_rate", lost_rate)):
        if not 0 <= rate <= 1:
            raise ConfigError(name, rate, "give a share from 0 to 1")
    if error_rate + lost_rate > 1:
        raise ConfigError("lost_rate", lost_rate, "with error_rate it may make 1 at most")
    span = latency if isinstance(latency, tuple) else (latency, latency)
    if not 0 <= span[0] <= span[1]:
        raise ConfigError("latency", latency, "give seconds from 0, or the least and the greatest")
    if isinstance(errors, type | BaseException):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise ConfigError("errors", errors, "give them in a list")
    raised = tuple(errors) or policy_of(policy).retry_types
    if not raised:
        raise ConfigError("errors", errors, "the policy names no exception types: say what the operation shall raise")
    return Chaos(policy, rates=(error_rate, lost_rate), latency=span, errors=raised, seed=seed)
