"""What events mean in numbers, whoever keeps the numbers.

    mulligan.attempts           counter    policy, outcome   one for each call of the operation
    mulligan.attempt.duration   histogram  policy            its seconds
    mulligan.retry.delay        histogram  policy            seconds slept before a retry
    mulligan.calls              counter    policy, kind      one for each execution
    mulligan.call.duration      histogram  policy            its seconds, sleeps included
    mulligan.refusals           counter    policy, guard     attempts that a guard refused
    mulligan.breaker.state      gauge      guard, state      dependencies for which a breaker is in a state but closed
    mulligan.store.up           gauge      store             whether the store of guards answers

Rules: labels are bounded: names beyond `max_names` are counted as "(other)", a policy without a name as "(unnamed)".
What tells dependencies apart is no label; the latest 10,000 that are in trouble are remembered. Numbers are safe
between threads.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from mulligan.errors import ConfigError
from mulligan.events import AttemptEnded, Finished, GuardChanged, Refused, Retrying, StoreFound, StoreLost

if TYPE_CHECKING:
    from mulligan.events import Event

__all__ = ["BUCKETS", "HEARD", "OTHER", "Instruments", "Kind", "Metering"]

Kind: TypeAlias = Literal[
    "successful_without_retry", "successful_with_retry", "failed_without_retry", "failed_with_retry"
]
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""The upper bounds of the histograms' buckets, in seconds."""
HEARD: Final[tuple[type[Event], ...]] = (
    *(AttemptEnded, Retrying, Finished),
    *(Refused, GuardChanged, StoreLost, StoreFound),
)
OTHER: Final = "(other)"
_UNNAMED: Final = "(unnamed)"
_DEPENDENCIES: Final = 10_000


class Instruments(Protocol):
    """Where numbers are kept."""

    def attempt(self, policy: str, outcome: str, seconds: float, /) -> None:
        """Count an attempt."""
        ...

    def call(self, policy: str, kind: Kind, seconds: float, /) -> None:
        """Count an execution."""
        ...

    def delay(self, policy: str, seconds: float, /) -> None:
        """Count the delay of a retry."""
        ...

    def refusal(self, policy: str, guard: str, /) -> None:
        """Count an attempt that a guard refused."""
        ...

    def breaker(self, guard: str, state: str, dependencies: int, /) -> None:
        """Set for how many dependencies a breaker is in a state."""
        ...

    def store(self, store: str, up: int, /) -> None:
        """Set whether a store answers: 1 or 0."""
        ...


def _kind_of(event: Finished) -> Kind:
    """Answer how an execution counts.

    >>> from mulligan.outcome import Reason
    >>> _kind_of(Finished(policy="", reason=Reason.ACCEPTED, attempts=2, elapsed=0.1, error=None))
    'successful_with_retry'
    """
    if event.accepted:
        return "successful_with_retry" if event.attempts > 1 else "successful_without_retry"
    return "failed_with_retry" if event.attempts > 1 else "failed_without_retry"


class Metering:
    """Puts events into numbers.

    Args:
        instruments: where they are kept.
        max_names: how many policies, guards and stores are told apart by name, each.
    """

    def __init__(self, instruments: Instruments, max_names: int) -> None:
        if max_names < 1:
            raise ConfigError("max_names", max_names, "give a whole number, 1 or more")
        self._instruments: Final = instruments
        self._policy: Final = _Names(max_names)
        self._guard: Final = _Names(max_names)
        self._store: Final = _Names(max_names)
        self._breakers: Final = _Breakers(instruments)

    def __call__(self, event: Event, /) -> None:
        """Count an event."""
        match event:
            case AttemptEnded():
                self._instruments.attempt(self._policy(event.policy), event.verdict, event.seconds)
            case Finished():
                self._instruments.call(self._policy(event.policy), _kind_of(event), event.elapsed)
            case Retrying():
                self._instruments.delay(self._policy(event.policy), event.delay)
            case Refused():
                self._instruments.refusal(self._policy(event.policy), self._guard(event.guard))
            case GuardChanged():
                self._breakers.move(self._guard(event.guard), (event.guard, event.key), event.after)
            case StoreLost():
                self._instruments.store(self._store(event.store), 0)
            case StoreFound():
                self._instruments.store(self._store(event.store), 1)
            case _:
                return


class _Names:
    """The names that become labels: the first ones that are met.

    Args:
        limit: how many.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._labels: dict[str, str] = {}
        self._lock = Lock()

    def __call__(self, name: str) -> str:
        known = self._labels.get(name)
        return self._met(name) if known is None else known

    def _met(self, name: str) -> str:
        with self._lock:
            if len(self._labels) >= self._limit and name not in self._labels:
                return OTHER
            return self._labels.setdefault(name, name or _UNNAMED)


class _Breakers:
    """For how many dependencies breakers are in which state; closed is where all of them begin.

    Args:
        instruments: where the numbers are kept.
    """

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._states: dict[tuple[str, str], tuple[str, str]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def move(self, guard: str, dependency: tuple[str, str], after: str) -> None:
        """Put a dependency into a state."""
        with self._lock:
            self._forget(dependency)
            if after != "closed":
                self._states[dependency] = guard, after
                self._count(guard, after, +1)
            if len(self._states) > _DEPENDENCIES:
                self._forget(next(iter(self._states)))

    def _forget(self, dependency: tuple[str, str]) -> None:
        known = self._states.pop(dependency, None)
        if known is not None:
            self._count(*known, -1)

    def _count(self, guard: str, state: str, change: int) -> None:
        count = self._counts[guard, state] = self._counts.get((guard, state), 0) + change
        self._instruments.breaker(guard, state, count)
