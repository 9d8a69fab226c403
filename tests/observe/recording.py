"""A listener that hears everything and keeps it, and invariants of what it has heard."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from mulligan.events import EVENTS, AttemptEnded, AttemptStarted, Finished, GuardChanged, StoreFound, StoreLost
from mulligan.testing import RecordedEvents

if TYPE_CHECKING:
    from mulligan.events import Event

__all__ = ["Recorder", "Words", "shape"]


class Recorder(RecordedEvents):
    """Keeps every event, and knows what holds of them whatever happens."""

    def check(self) -> None:
        """Every execution's attempts start and end in turn, and it finishes once, at its end."""
        by_execution: defaultdict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            if not isinstance(event, GuardChanged | StoreLost | StoreFound):
                by_execution[event.execution].append(event)
        for events in by_execution.values():
            attempts = [event for event in events if isinstance(event, AttemptStarted | AttemptEnded)]
            assert [type(event) for event in attempts] == [AttemptStarted, AttemptEnded] * (len(attempts) // 2)
            assert [event for event in events if isinstance(event, Finished)] == [events[-1]]


class Words:
    """Keeps a word for every event and nothing else, so that no error lives on."""

    hears: tuple[type[Event], ...] = EVENTS

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, event: Event) -> None:
        self.words.append(_word(event))


def shape(events: list[Event]) -> list[str]:
    """Answer events in a word each, attempts with their number or verdict."""
    return [_word(event) for event in events]


def _word(event: Event) -> str:
    match event:
        case AttemptStarted():
            return f"start {event.attempt}"
        case AttemptEnded():
            return event.verdict
        case Finished():
            return f"finished {event.reason}"
        case _:
            return type(event).__name__.lower()
