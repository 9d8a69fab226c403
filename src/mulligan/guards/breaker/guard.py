"""The circuit breaker as a guard.

Rules: what counts as a failure is a classifier's verdict: transient counts as a failure, accept as a success, and fail
as nothing, because an error that another attempt would not mend says nothing about the dependency. Without a
classifier of its own the breaker goes by the policy's.

A change of status is told once in each process that sees it: where states sit in a store, whoever looks next tells what
another process has changed. What an operator does belongs to no execution; the listeners of every execution are told.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from mulligan import audience as audiences
from mulligan.classify import Accept, Fail, Transient
from mulligan.errors import BreakerOpen, ConfigError
from mulligan.events import GuardChanged
from mulligan.guards.arguments import positive, whole
from mulligan.guards.breaker.states import ASK, Answer, Closed, Disabled, Event, Order, Release, Settle, State, Status
from mulligan.guards.breaker.thresholds import Threshold, consecutive
from mulligan.guards.breaker.transitions import Breaking
from mulligan.guards.cells import MemoryCell, ask
from mulligan.guards.instants import here
from mulligan.guards.judging import counted
from mulligan.guards.keyed import Keyed
from mulligan.guards.stores.memory import MemoryStore
from mulligan.outcome import Refusal
from mulligan.schedules.protocol import Schedule
from mulligan.seed import fresh_seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from mulligan.classify import Classifier, Verdict
    from mulligan.guards.cells import Cell, Store
    from mulligan.guards.protocol import Call, Ending, Said

__all__ = ["CircuitBreaker"]

_OPENINGS = 32
_LOOK = Release(permit=-1)
"""Changes nothing, because nobody has this permit; its answer says where the breaker stands."""


class CircuitBreaker(Keyed[State, Event, Answer]):
    """Refuse attempts for a while once a dependency fails too much, then let a few probes through.

    One instance serves any number of threads, tasks, pipelines and dependencies. Where its states sit in a store,
    orders such as `force_open` are for the whole fleet, and raise what the store's client raises where that is gone.

    Args:
        name: what to call it in events, errors and stores.
        threshold: when it opens: `consecutive(5)`, a `count_window` or a `time_window`.
        open_for: seconds for which it stays open; or a schedule, whose delays are the durations of the first opening,
            the second one in a row, and so on up to the 32nd. A schedule's last delay repeats.
        permits: how many probes are let through in half_open.
        successes: how many of them must succeed to close it.
        lease: seconds after which a probe that was never heard of again, because its process died, is given up.
        classify: what counts; the policy's classification when left out. Transient is a failure, accept a success,
            fail nothing. Cancellation is never counted.
        key: tells dependencies apart: a constant, or a function of the call's arguments.
        store: where the states sit; this process's memory when left out.
        max_keys: how many dependencies are remembered.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Pipeline, Policy, execute
    >>> breaker = CircuitBreaker("billing", consecutive(2), open_for=30)
    >>> fragile = Pipeline(Policy(retry_on=ValueError, max_attempts=1), guards=[breaker])
    >>> for text in ("x", "y", "42"):
    ...     try:
    ...         execute(fragile, int, text)
    ...     except ValueError:
    ...         print(breaker.status())
    Traceback (most recent call last):
        ...
    mulligan.errors.BreakerOpen: billing refused attempt 1
    """

    def __init__(
        self,
        name: str = "breaker",
        threshold: Threshold | None = None,
        *,
        open_for: float | timedelta | Schedule = 60.0,
        permits: int = 1,
        successes: int | None = None,
        lease: float | timedelta = 60.0,
        classify: Classifier[object] | None = None,
        key: str | Callable[..., object] = "",
        store: Store | None = None,
        max_keys: int = 10_000,
    ) -> None:
        permits = whole("permits", permits, 1)
        wanted = permits if successes is None else whole("successes", successes, 1)
        if wanted > permits:
            raise ConfigError("successes", successes, f"{permits} permits never give that many")
        if threshold is not None and not callable(getattr(threshold, "observe", None)):
            raise ConfigError("threshold", threshold, "give consecutive(), count_window() or time_window()")
        breaking = Breaking(
            threshold=consecutive() if threshold is None else threshold,
            durations=_durations(open_for),
            permits=permits,
            successes=wanted,
            lease=positive("lease", lease),
        )
        super().__init__(name, key, store, max_keys, breaking, classify=classify)
        self.threshold: Threshold = breaking.threshold
        self._seen: dict[str, Status] = {}
        self._lock = Lock()

    def visit(self, call: Call, /) -> BreakerVisit:
        """Answer this breaker's part in one execution."""
        return BreakerVisit(self, call)

    def may_rest(self) -> bool:
        """Tell whether it need not be asked while it is quiet: nothing but the policy's verdict counts, in memory."""
        return type(self) is CircuitBreaker and self.classify is None and type(self.store) is MemoryStore

    def status(self, key: str = "") -> Status:
        """Answer where it stands for a dependency. An open breaker whose time is over is open until an attempt asks.

        Args:
            key: which dependency.
        """
        return self.cell(key).apply(_LOOK, here()).after

    def force_open(self, key: str = "") -> None:
        """Refuse every attempt until told otherwise.

        Args:
            key: which dependency.

        >>> breaker = CircuitBreaker("billing")
        >>> breaker.force_open()
        >>> breaker.status()
        <Status.FORCED_OPEN: 'forced_open'>
        """
        self._ordered(Order(Status.FORCED_OPEN), key)

    def disable(self, key: str = "") -> None:
        """Let every attempt begin, and count none, until told otherwise.

        Args:
            key: which dependency.
        """
        self._ordered(Order(Status.DISABLED), key)

    def observe_only(self, key: str = "") -> None:
        """Let every attempt begin and count it, but never open, until told otherwise.

        Args:
            key: which dependency.
        """
        self._ordered(Order(Status.METRICS_ONLY), key)

    def reset(self, key: str = "") -> None:
        """Close it, and forget what was counted.

        Args:
            key: which dependency.
        """
        self._ordered(Order(Status.CLOSED), key)

    def _ordered(self, order: Order, key: str) -> None:
        cell = self.cell(key)
        answer = cell.apply(order, here()) if isinstance(cell, MemoryCell) else cell.insist(order)
        changed = self.changed("", key, cell, answer)
        if changed is not None and audiences.everywhere is not None:
            audiences.everywhere.tell(changed)

    def changed(self, policy: str, key: str, cell: Cell[State, Event, Answer], answer: Answer) -> GuardChanged | None:
        """Answer the event where this process sees another status than before, `None` where it sees the same."""
        before = answer.before if isinstance(cell, MemoryCell) else self._last_seen(key, answer.after)
        if before is answer.after:
            return None
        return GuardChanged(policy=policy, guard=self.name, key=key, before=before, after=answer.after)

    def _last_seen(self, key: str, status: Status) -> Status:
        """Answer the status in which this process saw a shared state last, and note the one that it sees now."""
        with self._lock:
            before = self._seen.pop(key, Status.CLOSED)
            if status is not Status.CLOSED:
                self._seen[key] = status
            if len(self._seen) > self.max_keys:
                self._seen.pop(next(iter(self._seen)))
        return before


def _durations(open_for: float | timedelta | Schedule) -> tuple[float, ...]:
    """Answer the durations of the openings in a row."""
    if not isinstance(open_for, Schedule):
        return (positive("open_for", open_for),)
    found: list[float] = []
    seed, previous = fresh_seed(), None
    for opening in range(1, _OPENINGS + 1):
        previous = open_for.delay(opening, seed, previous)
        if previous is None:
            break
        found.append(positive("open_for", previous))
    while len(found) > 1 and found[-1] == found[-2]:
        found.pop()
    if not found:
        raise ConfigError("open_for", open_for, "give a schedule with at least one delay")
    return tuple(found)


class BreakerVisit:
    """A breaker's part in one execution.

    Args:
        breaker: the guard.
        call: the execution.
    """

    __slots__ = ("breaker", "call", "cell", "key", "permit", "retry_after")

    def __init__(self, breaker: CircuitBreaker, call: Call) -> None:
        self.breaker: CircuitBreaker = breaker
        self.call: Call = call
        self.key: str = breaker.key_of(call.args, call.kwargs)
        self.cell: Cell[State, Event, Answer] = breaker.cell(self.key)
        self.permit: int | None = None
        self.retry_after: float | None = None

    def resume(self, state: object, /) -> None:
        """Hold the permit that a quiet state would have given."""
        if isinstance(state, Closed | Disabled):
            self.permit = state.generation

    def enter(self, attempt: int, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Ask for a permit."""
        return ask(self.cell, ASK, now, self.call, self._entered)

    def leave(self, ending: Ending, now: float, /) -> Said:
        """Count what the attempt did, or give the permit back where it counts as nothing."""
        if self.permit is None:
            return None
        verdict = counted(self.breaker.classify, ending)
        event = _event_of(self.permit, verdict, slow=self._is_slow(ending.seconds))
        self.permit = None
        return ask(self.cell, event, now, self.call, self._left)

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Refuse a retry that would come while the breaker is known to be open still."""
        if self.retry_after is not None and self.retry_after > delay:
            return self._refusal(self.retry_after)
        return None

    def release(self, now: float, /) -> Said:
        """Give the permit back."""
        if self.permit is None:
            return None
        event = Release(permit=self.permit)
        self.permit = None
        return ask(self.cell, event, now, self.call, self._left)

    def _is_slow(self, seconds: float) -> bool:
        limit = self.breaker.threshold.slow_after
        return limit is not None and seconds >= limit

    def _entered(self, answer: Answer) -> Refusal | None:
        self._tell(answer)
        self.permit = answer.permit
        return self._refusal(answer.retry_after) if answer.permit is None else None

    def _left(self, answer: Answer) -> None:
        self.retry_after = answer.retry_after
        self._tell(answer)

    def _refusal(self, retry_after: float | None) -> Refusal:
        return Refusal(by=self.breaker.name, retry_after=retry_after, error=BreakerOpen)

    def _tell(self, answer: Answer) -> None:
        changed = self.breaker.changed(self.call.policy_name, self.key, self.cell, answer)
        if changed is not None:
            self.call.publish(changed)


@lru_cache(maxsize=256)
def _settled(permit: int, failed: bool, slow: bool) -> Settle:
    return Settle(permit=permit, failed=failed, slow=slow)


def _event_of(permit: int, verdict: Verdict, *, slow: bool) -> Event:
    match verdict:
        case Accept():
            return _settled(permit, False, slow)
        case Transient():
            return _settled(permit, True, slow)
        case Fail():
            return Release(permit=permit)
