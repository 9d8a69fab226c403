"""Operations that play a script: what each call raises or returns, written down beforehand.

- `script(raises(ConnectionError), returns("page"))` is an operation for synchronous code; its `as_async` is the same
  script for asynchronous code.
- `.lasting(seconds)` lets a step take time; in virtual time nobody waits for it.

Rules: a script plays its steps once, in order. A call after the last step is a `ScriptEnded`, which no policy retries,
unless the last step is `.forever()`. A script remembers its calls, so it belongs to one test; threads may share it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Never, TypeVar

from mulligan.errors import ConfigError
from mulligan.testing.virtual import instant, instant_async, spend, spend_async

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Call", "Script", "ScriptEnded", "Step", "raises", "returns", "script"]

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


class ScriptEnded(BaseException):
    """An operation was called more often than its script has steps.

    It is no `Exception`, so neither a policy nor the code under test takes it for a failure of the operation.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[V_co]):
    """What one call does; `raises` and `returns` make steps.

    Args:
        value: what the call returns, where it raises nothing.
        error: what the call raises; a class is instantiated anew at each call.
        seconds: how long the call takes.
        endless: whether every later call does the same.
    """

    value: V_co | None = None
    error: BaseException | type[BaseException] | None = None
    seconds: float = 0.0
    endless: bool = False

    def lasting(self, seconds: float) -> Step[V_co]:
        """Answer the same step, taking that long.

        Args:
            seconds: how long, in seconds.

        Raises:
            ConfigError: when it is negative or not a number.

        >>> raises(TimeoutError).lasting(5).seconds
        5
        """
        if not seconds >= 0:
            raise ConfigError("seconds", seconds, "give a number of seconds from 0")
        return replace(self, seconds=seconds)

    def forever(self) -> Step[V_co]:
        """Answer the same step, played by every later call too.

        >>> down = script(raises(ConnectionError).forever())
        """
        return replace(self, endless=True)


def raises(error: BaseException | type[BaseException]) -> Step[Never]:
    """Describe a call that raises.

    Args:
        error: an error, or its class, which is instantiated anew at each call.

    Raises:
        ConfigError: when it is neither.

    >>> raises(ConnectionError).error
    <class 'ConnectionError'>
    """
    if not issubclass(error if isinstance(error, type) else type(error), BaseException):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise ConfigError("error", error, "give an error, or its class")
    step: Step[Never] = Step(error=error)
    return step


def returns(value: V) -> Step[V]:
    """Describe a call that returns.

    Args:
        value: what it returns.

    >>> returns(3).value
    3
    """
    return Step(value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that a script saw.

    Args:
        args: its positional arguments.
        kwargs: its keyword arguments.
        at: the instant of the clock that ran, in seconds.
    """

    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    at: float


@dataclass(slots=True, eq=False)
class Script(Generic[V]):
    """An operation that plays steps in order; `script` makes it.

    Args:
        steps: what each call does.
    """

    steps: tuple[Step[V], ...]
    calls: list[Call] = field(default_factory=list[Call])
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        if not self.steps or not all(isinstance(step, Step) for step in self.steps):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise ConfigError("steps", self.steps, "give at least one step: raises(...) or returns(...)")

    def __call__(self, *args: object, **kwargs: object) -> V:
        """Play the next step in synchronous code."""
        step = self._next(args, kwargs, instant())
        spend(step.seconds)
        return _played(step)

    async def as_async(self, *args: object, **kwargs: object) -> V:
        """Play the next step in asynchronous code."""
        step = self._next(args, kwargs, instant_async())
        await spend_async(step.seconds)
        return _played(step)

    @property
    def attempts(self) -> int:
        """How often it was called."""
        return len(self.calls)

    @property
    def left(self) -> tuple[Step[V], ...]:
        """The steps that were not played.

        >>> script(raises(OSError), returns(1)).left == (raises(OSError), returns(1))
        True
        """
        return self.steps[self.attempts :]

    def _next(self, args: tuple[object, ...], kwargs: Mapping[str, object], at: float) -> Step[V]:
        with self._lock:
            number = len(self.calls)
            if number >= len(self.steps) and not self.steps[-1].endless:
                raise ScriptEnded(f"call {number + 1} of a script of {len(self.steps)} steps: write down what it does")
            self.calls.append(Call(args=args, kwargs=kwargs, at=at))
            return self.steps[min(number, len(self.steps) - 1)]


def _played(step: Step[V]) -> V:
    if step.error is not None:
        raise step.error
    return step.value  # type: ignore[return-value]  # a step without an error has the value of its type


def script(*steps: Step[V]) -> Script[V]:
    """Write an operation down as what each of its calls does.

    Args:
        steps: made by `raises` and `returns`.

    Raises:
        ConfigError: when there is no step, or something else among them.

    >>> from mulligan import Policy, execute
    >>> from mulligan.testing import virtual_time
    >>> fetch = script(raises(ConnectionError), returns("page"))
    >>> with virtual_time():
    ...     execute(Policy(retry_on=ConnectionError), fetch, "/invoices")
    'page'
    >>> fetch.attempts, fetch.calls[0].args
    (2, ('/invoices',))
    """
    return Script(steps)
