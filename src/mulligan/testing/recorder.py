"""What executions did, recorded: for assertions that say what happened instead of what was expected to.

Rules: a recorder hears every execution of this process, of plain policies too, from entry to exit. It keeps events with
their errors and values, so it belongs to one test.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from mulligan.events import (
    EVENTS,
    AttemptEnded,
    AttemptStarted,
    Finished,
    GuardChanged,
    Nested,
    Refused,
    Retrying,
    StoreFound,
    StoreLost,
)
from mulligan.observe.using import use

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from typing import NoReturn

    from mulligan.events import Event
    from mulligan.outcome import Reason

__all__ = ["RecordedEvents", "recording"]

E = TypeVar("E")


class RecordedEvents:
    """The events of executions, in order; a listener. `str()` of it is what happened, line by line.

    Args:
        events: to begin with.

    >>> from mulligan import Policy, constant, execute
    >>> from mulligan.testing import raises, returns, script, virtual_time
    >>> fetch = script(raises(ConnectionError), returns("page"))
    >>> with virtual_time(), recording() as events:
    ...     execute(Policy(name="billing.fetch", retry_on=OSError, schedule=constant(2)), fetch)
    'page'
    >>> events.assert_retried(times=1).assert_succeeded(attempts=2)
    RecordedEvents(6 events)
    >>> print(events)
    billing.fetch: attempt 1 begins
    billing.fetch: attempt 1 raised ConnectionError: transient
    billing.fetch: attempt 2 follows after 2 s
    billing.fetch: attempt 2 begins
    billing.fetch: attempt 2 returned: accepted
    billing.fetch: finished after 2 attempts in 2 s: accepted
    """

    hears: tuple[type[Event], ...] = EVENTS

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events: list[Event] = list(events)

    def __call__(self, event: Event, /) -> None:
        """Keep an event."""
        self.events.append(event)

    @property
    def attempts(self) -> tuple[AttemptEnded, ...]:
        """The attempts that were made."""
        return self._of(AttemptEnded)

    @property
    def retries(self) -> tuple[Retrying, ...]:
        """What was told before each retry."""
        return self._of(Retrying)

    @property
    def delays(self) -> tuple[float, ...]:
        """The seconds before each retry."""
        return tuple(event.delay for event in self.retries)

    @property
    def finished(self) -> tuple[Finished, ...]:
        """The executions that ended."""
        return self._of(Finished)

    @property
    def refusals(self) -> tuple[Refused, ...]:
        """What guards refused."""
        return self._of(Refused)

    @property
    def changes(self) -> tuple[GuardChanged, ...]:
        """The changes of guards' states."""
        return self._of(GuardChanged)

    def of(self, policy: str) -> RecordedEvents:
        """Answer the events of one policy.

        Args:
            policy: its name.
        """
        return RecordedEvents(event for event in self.events if event.policy == policy)

    def assert_retried(self, *, times: int | None = None) -> RecordedEvents:
        """Insist that there were retries.

        Args:
            times: how many; any number from 1 where it is left out.

        Raises:
            AssertionError: otherwise, with what happened instead.
        """
        made = len(self.retries)
        if times is None and not made:
            self._fail("retries were expected, and none made")
        if times is not None and made != times:
            self._fail(f"{times} retries were expected, and {made} made")
        return self

    def assert_not_retried(self) -> RecordedEvents:
        """Insist that there was no retry.

        Raises:
            AssertionError: otherwise, with what happened instead.
        """
        return self.assert_retried(times=0)

    def assert_succeeded(self, *, attempts: int | None = None) -> RecordedEvents:
        """Insist that executions ended, and all of them in a success.

        Args:
            attempts: after how many attempts each of them did; any number where it is left out.

        Raises:
            AssertionError: otherwise, with what happened instead.
        """
        failed = [event for event in self.finished if not event.accepted]
        if failed or not self.finished:
            self._fail(f"success was expected, and {len(failed)} of {len(self.finished)} executions failed")
        return self._assert_attempts(attempts)

    def assert_gave_up(self, *, reason: Reason | None = None, attempts: int | None = None) -> RecordedEvents:
        """Insist that executions ended, and none of them in a success.

        Args:
            reason: why each of them was given up; any reason where it is left out.
            attempts: after how many attempts each of them was; any number where it is left out.

        Raises:
            AssertionError: otherwise, with what happened instead.
        """
        other = [event for event in self.finished if event.accepted or (reason is not None and event.reason != reason)]
        if other or not self.finished:
            expected = "failure" if reason is None else f"the reason {reason.value}"
            self._fail(f"{expected} was expected, and {len(other)} of {len(self.finished)} executions ended otherwise")
        return self._assert_attempts(attempts)

    def _assert_attempts(self, attempts: int | None) -> RecordedEvents:
        made = [event.attempts for event in self.finished]
        if attempts is not None and any(each != attempts for each in made):
            self._fail(f"{attempts} attempts were expected, and {', '.join(map(str, made))} made")
        return self

    def _of(self, kind: type[E]) -> tuple[E, ...]:
        return tuple(event for event in self.events if isinstance(event, kind))

    def _fail(self, expected: str) -> NoReturn:
        raise AssertionError(f"{expected}. What happened:\n{str(self) or 'nothing'}")

    def __str__(self) -> str:
        return "\n".join(f"{event.policy or '(unnamed)'}: {_told(event)}" for event in self.events)

    def __repr__(self) -> str:
        return f"RecordedEvents({len(self.events)} events)"


def _told(event: Event) -> str:  # noqa: PLR0911 - one for each event
    match event:
        case AttemptStarted():
            return f"attempt {event.attempt} begins"
        case AttemptEnded():
            did = "returned" if event.error is None else f"raised {type(event.error).__name__}"
            return f"attempt {event.attempt} {did}: {event.verdict}"
        case Retrying():
            return f"attempt {event.next_attempt} follows after {event.delay:g} s"
        case Finished():
            made = f"{event.attempts} attempt{'s' if event.attempts != 1 else ''}"
            return f"finished after {made} in {event.elapsed:.3g} s: {event.reason.value}"
        case Refused():
            return f"{event.guard} refused attempt {event.attempt}"
        case Nested():
            return f"retried inside already: {event.attempts} times {event.inner} attempts"
        case GuardChanged():
            return f"{event.guard} went from {event.before} to {event.after}"
        case StoreLost():
            return f"{event.store} does not answer: {event.error.__name__}"
        case StoreFound():
            return f"{event.store} answers again"


@contextmanager
def recording() -> Generator[RecordedEvents, None, None]:
    """Record what the executions of this process do.

    >>> from mulligan import Policy, execute
    >>> with recording() as events:
    ...     execute(Policy(retry_on=OSError), max, 1, 2)
    2
    >>> events.assert_not_retried().finished[0].attempts
    1
    """
    events = RecordedEvents()
    with use(events):
        yield events
