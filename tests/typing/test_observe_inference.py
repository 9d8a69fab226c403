"""What the type checkers infer of listeners and events: `assert_type` is checked by mypy and pyright, and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never, assert_type

from prometheus_client import CollectorRegistry

from mulligan import Pipeline, Policy, Reason, execute, observe
from mulligan.events import (
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

if TYPE_CHECKING:
    from mulligan.events import AttemptVerdict, Event, Listener

POLICY: Policy[object] = Policy(retry_on=ConnectionError)


def function(event: Event) -> None:
    """A listener that is a function."""


class Attempts:
    """A listener that hears of attempts."""

    hears = (AttemptStarted, AttemptEnded)

    def __call__(self, event: Event) -> str:
        return type(event).__name__


def test_listeners_are_functions_objects_and_those_of_the_package() -> None:
    listeners: list[Listener] = [
        function,
        Attempts(),
        print,
        observe.Logging(include_messages=True),
        observe.Structlog(),
        observe.Prometheus(CollectorRegistry()),
        observe.OpenTelemetry(),
    ]
    with observe.use(*listeners[:2]) as using:
        assert_type(using, observe.Use)
        assert assert_type(execute(Pipeline(POLICY, listeners=listeners[:2]), len, "abc"), int) == 3


def test_what_takes_something_else_is_no_listener() -> None:
    def wrong(event: str) -> None:
        return

    listeners: list[Listener] = [wrong]  # type: ignore[list-item]  # pyright: ignore[reportAssignmentType]
    assert listeners


def subject(event: Event) -> str:
    """Events are a closed union."""
    match event:
        case AttemptStarted() | AttemptEnded() | Retrying() | Refused() | Nested() | Finished():
            return str(assert_type(event.execution, int))
        case GuardChanged():
            return assert_type(event.guard, str)
        case StoreLost() | StoreFound():
            return assert_type(event.store, str)
        case _:
            assert_never(event)


def colour(verdict: AttemptVerdict) -> str:
    """So are the words for what became of an attempt."""
    match verdict:
        case "accepted":
            return "green"
        case "transient" | "failed":
            return "red"
        case "cancelled":
            return "blue"
        case _:
            assert_never(verdict)


def test_fields_have_types() -> None:
    finished = Finished(policy="fetch", reason=Reason.ACCEPTED, attempts=1, elapsed=0.1, error=None)
    assert assert_type(finished.raised, BaseException | None) is None
    assert assert_type(finished.accepted, bool)
    assert subject(finished) == "0"
    ended = AttemptEnded(policy="fetch", attempt=1, verdict="transient", seconds=0.1, error=None)
    assert colour(ended.verdict) == "red"
