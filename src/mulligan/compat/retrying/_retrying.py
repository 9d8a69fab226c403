"""retrying's `Retrying`: what its arguments say, and the calls that it makes.

Rules: `stop`, `wait` and `should_reject` stay replaceable, by a subclass as on an instance.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

from mulligan import audience as audiences
from mulligan.compat.engine import Steps, at_least, seconds_limit
from mulligan.compat.flag import Mode, is_set, mode_of
from mulligan.compat.narration import Narration
from mulligan.compat.retrying._attempts import Attempt
from mulligan.compat.retrying._course import Course, given_up
from mulligan.compat.retrying._families import Families, Limits
from mulligan.compat.sites import site_name
from mulligan.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from mulligan.compat.engine import Pace
    from mulligan.compat.retrying._attempts import ErrorInfo

    Stops: TypeAlias = Callable[[int, int], object]
    Waits: TypeAlias = Callable[[int, int], float]
    RetryOn: TypeAlias = Callable[[Exception], bool] | tuple[type[BaseException], ...]

__all__ = ["MAX_WAIT", "Retrying"]

P = ParamSpec("P")
R = TypeVar("R")

MAX_WAIT: Final = 1073741823
"""The greatest wait in milliseconds where no other is given."""

_FAMILIES: Final = {
    "fixed_sleep": ("wait_fixed",),
    "random_sleep": ("wait_random_min", "wait_random_max"),
    "incrementing_sleep": ("wait_incrementing_start", "wait_incrementing_increment"),
    "exponential_sleep": ("wait_exponential_multiplier", "wait_exponential_max"),
}
_LOGGER: Final = logging.getLogger("retrying")
_silenced = False


class Retrying(Families):
    """Retries as retrying's arguments say; lengths of time are milliseconds.

    >>> Retrying(wait_exponential_multiplier=100, wait_exponential_max=1000).wait(3, 0)
    800
    >>> Retrying(stop_max_attempt_number=3).call(max, 1, 2)
    2
    """

    def __init__(  # noqa: PLR0917 - the interface
        self,
        stop: str | None = None,
        wait: str | None = None,
        stop_max_attempt_number: float | None = None,
        stop_max_delay: float | None = None,
        wait_fixed: float | None = None,
        wait_random_min: int | None = None,
        wait_random_max: int | None = None,
        wait_incrementing_start: float | None = None,
        wait_incrementing_increment: float | None = None,
        wait_incrementing_max: float | None = None,
        wait_exponential_multiplier: float | None = None,
        wait_exponential_max: float | None = None,
        retry_on_exception: RetryOn | None = None,
        retry_on_result: Callable[[Any], bool] | None = None,  # of the values of an operation that comes later
        wrap_exception: bool = False,
        stop_func: Stops | None = None,
        wait_func: Waits | None = None,
        wait_jitter_max: float | None = None,
        before_attempts: Callable[[int], object] | None = None,
        after_attempts: Callable[[int], object] | None = None,
        logger: logging.Logger | bool | None = None,
    ) -> None:
        given = dict(locals())
        del given["self"]
        self.given: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        self._stop_max_attempt_number = _default(stop_max_attempt_number, 5)
        self._stop_max_delay = _default(stop_max_delay, 100)
        self._wait_fixed = _default(wait_fixed, 1000)
        self._wait_random_min = 0 if wait_random_min is None else wait_random_min
        self._wait_random_max = 1000 if wait_random_max is None else wait_random_max
        self._wait_incrementing_start = _default(wait_incrementing_start, 0)
        self._wait_incrementing_increment = _default(wait_incrementing_increment, 100)
        self._wait_incrementing_max = _default(wait_incrementing_max, MAX_WAIT)
        self._wait_exponential_multiplier = _default(wait_exponential_multiplier, 1)
        self._wait_exponential_max = _default(wait_exponential_max, MAX_WAIT)
        self._wait_jitter_max = _default(wait_jitter_max, 0)
        self._before_attempts = before_attempts
        self._after_attempts = after_attempts
        self._wrap_exception = wrap_exception
        self._logger = _logger(logger)
        self._retry_on_exception: Callable[[Any], object] = _predicate(retry_on_exception) or self.always_reject
        self._retry_on_result: Callable[[Any], object] = retry_on_result or self.never_reject
        self.stop: Stops = stop_func or (self._stops() if stop is None else getattr(self, stop))
        self.wait: Waits = wait_func or (self._waits() if wait is None else getattr(self, wait))
        self._made = {"stop": self.stop, "wait": self.wait}

    def _stops(self) -> Stops:
        given = self.given
        if _is_overridden(self, ("stop_after_attempt", "stop_after_delay")):
            named = {"stop_max_attempt_number": self.stop_after_attempt, "stop_max_delay": self.stop_after_delay}
            asked = [function for name, function in named.items() if name in given]
            return lambda attempts, delay: any(function(attempts, delay) for function in asked)
        return Limits(
            attempts=self._stop_max_attempt_number if "stop_max_attempt_number" in given else None,
            milliseconds=self._stop_max_delay if "stop_max_delay" in given else None,
        )

    def _waits(self) -> Waits:
        chosen: list[Waits] = [self.no_sleep, *(getattr(self, method) for method in self._families())]
        return lambda attempts, delay: max(function(attempts, delay) for function in chosen)

    def _families(self) -> tuple[str, ...]:
        return tuple(method for method, enabling in _FAMILIES.items() if any(name in self.given for name in enabling))

    def replacements(self) -> dict[str, Callable[..., object]]:
        """Answer the methods that a subclass or an assignment put in the place of the interface's."""
        if type(self) is not Retrying:
            return {"stop": self.stop, "wait": self.wait, "should_reject": self.should_reject}
        assigned = {name: value for name, value in vars(self).items() if name in {"stop", "wait", "should_reject"}}
        return {name: value for name, value in assigned.items() if value is not self._made.get(name)}

    def limits(self) -> Limits | None:
        """Answer the limits, where `stop` says nothing else."""
        return self.stop if isinstance(self.stop, Limits) else None

    @property
    def wraps(self) -> bool:
        """Whether every error is wrapped."""
        return self._wrap_exception

    def wait_bounds(self, attempt: int) -> tuple[float, float] | None:
        """Answer the least and greatest milliseconds after an attempt, without jitter; `None` where `wait` is named."""
        if "wait" in self.given or "wait_func" in self.given:
            return None
        spans = [
            (self._wait_random_min, self._wait_random_max)
            if family == "random_sleep"
            else (getattr(self, family)(attempt, 0),) * 2
            for family in self._families()
        ]
        return max([0, *(least for least, _ in spans)]), max([0, *(greatest for _, greatest in spans)])

    def rejected(self, attempt: Attempt[Any]) -> None:
        """Log a rejected attempt and tell `after_attempts`."""
        self._logger.warning(attempt)
        if self._after_attempts:
            self._after_attempts(attempt.attempt_number)

    def steps(self, pace: Pace, narration: Narration | None) -> Steps:
        """Begin an execution on the engine: its limits are the engine's where `stop` is not replaced."""
        limits = self.limits()
        if limits is None:
            return Steps(pace, per_second=1000, narration=narration)
        attempts, seconds = at_least(limits.attempts), seconds_limit(limits.seconds)
        return Steps(pace, max_attempts=attempts, stop_after=seconds, per_second=1000, narration=narration)

    def pause(self, attempt: int, elapsed: int) -> float | None:
        """Answer the milliseconds after an attempt, jitter included; `None` where a stop of one's own says stop."""
        if self.limits() is None and self.stop(attempt, elapsed):
            return None
        wait = self.wait(attempt, elapsed)
        if not self._wait_jitter_max:
            return wait
        jitter: float = max(0, random.random() * self._wait_jitter_max)  # noqa: S311 - no secret
        return wait + jitter

    def should_reject(self, attempt: Attempt[Any]) -> bool:
        """Answer whether another attempt is wanted.

        Raises:
            TypeError: when a predicate answers no truth value, as `None` is none.
        """
        judged = attempt.value[1] if attempt.has_exception else attempt.value
        answer: Any = self._retry_on_exception(judged) if attempt.has_exception else self._retry_on_result(judged)
        rejected: Any = False
        rejected |= answer  # in place, for the words of the TypeError
        return bool(rejected)

    def call(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the operation until an attempt is accepted or no further one is made.

        Args:
            fn: the operation.
            args: passed to the operation.
            kwargs: passed to the operation.

        Raises:
            RetryError: where values are exhausted, and around every error with `wrap_exception`.
        """
        if not is_set() or (mode := mode_of(site_name(fn))) is Mode.MODERN:
            audience = audiences.everywhere
            if audience is None:
                return self._attempts(None, fn, *args, **kwargs)
            with Narration(fn, audience) as narration:
                return self._attempts(narration, fn, *args, **kwargs)
        from mulligan.compat.modes.retrying import run  # noqa: PLC0415 - only these modes need the original

        return run(mode, self, fn, *args, **kwargs)

    def _attempts(self, narration: Narration | None, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        course = Course(self, narration)
        attempt: Attempt[R] | None = None
        try:
            while True:
                attempt = self._attempt(course.next_attempt(), fn, *args, **kwargs)
                if not self.should_reject(attempt):
                    if not attempt.has_exception:
                        return attempt.get()
                    course.failed(attempt)
                    return given_up(attempt, wrap=self._wrap_exception)
                delay = course.after(attempt)
                if isinstance(delay, Reason):
                    return given_up(attempt, wrap=self._wrap_exception or not attempt.has_exception)
                self._logger.info(f"Retrying in {delay / 1000.0:.2f} seconds.")  # noqa: G004 - that is the record's msg
                time.sleep(delay / 1000.0)
        finally:
            attempt = None  # its error's traceback holds this frame

    def _attempt(self, number: int, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Attempt[R]:
        if self._before_attempts:
            self._before_attempts(number)
        try:
            return Attempt(fn(*args, **kwargs), number, has_exception=False)
        except Exception:  # noqa: BLE001 - what is retried, the predicate says
            return Attempt(cast("ErrorInfo", sys.exc_info()), number, has_exception=True)  # in a handler it is set


def _default(given: float | None, otherwise: float) -> float:
    return otherwise if given is None else given


def _predicate(given: RetryOn | None) -> Callable[[Any], object] | None:
    """Answer the predicate that a tuple of types makes; a callable is one already."""
    if not isinstance(given, tuple):
        return given
    return partial(_is_one_of, given)


def _is_one_of(types: tuple[type[BaseException], ...], error: object) -> bool:
    return isinstance(error, types)


def _logger(given: logging.Logger | bool | None) -> logging.Logger:
    global _silenced  # noqa: PLW0603 - the interface's logger is one for the process
    if given is not None and not isinstance(given, bool):
        return given
    if given is None and not _silenced:
        _silenced = True
        _LOGGER.addHandler(logging.NullHandler())
        _LOGGER.propagate = False
    return _LOGGER


def _is_overridden(retrying: Retrying, methods: tuple[str, ...]) -> bool:
    return any(getattr(type(retrying), method) is not getattr(Retrying, method) for method in methods)
