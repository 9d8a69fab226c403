"""Listeners: who can be one, what each hears, and when."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from mulligan import Pipeline, Policy, constant, execute, retry
from mulligan.errors import ConfigError
from mulligan.events import AttemptEnded, AttemptStarted, Finished
from mulligan.observe import use
from tests.observe.recording import Recorder

if TYPE_CHECKING:
    from mulligan.events import Event

OFTEN: Policy[int] = Policy(name="often", retry_on=ConnectionError, schedule=constant(1), max_attempts=4)


def test_a_listener_that_raises_in_many_threads_is_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    barrier = threading.Barrier(16)

    def broken_in_threads(event: Event) -> None:
        barrier.wait()
        raise RuntimeError("listener")

    with use(broken_in_threads):
        threads = [threading.Thread(target=execute, args=(OFTEN, int)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    [record] = [record for record in caplog.records if record.name == "mulligan"]
    assert "broken_in_threads raised on Finished" in record.getMessage()


def test_a_function_hears_everything_but_attempts() -> None:
    seen: list[Event] = []
    with use(seen.append):
        execute(OFTEN, lambda: 7)
    assert [type(event) for event in seen] == [Finished]


def test_listeners_hear_until_they_are_stopped() -> None:
    seen: list[Event] = []
    using = use(seen.append)
    execute(OFTEN, lambda: 7)
    using.stop()
    using.stop()
    execute(OFTEN, lambda: 7)
    assert len(seen) == 1


def test_functions_that_were_decorated_before_are_heard() -> None:
    decorated = retry(OFTEN)(lambda: 7)
    decorated_with_guard = retry(Pipeline(OFTEN))(lambda: 7)
    seen: list[Event] = []
    with use(seen.append):
        assert decorated() + decorated_with_guard() == 14
    assert len(seen) == 2


def test_listeners_of_a_pipeline_and_of_everything_are_both_told() -> None:
    own: list[Event] = []
    first: list[Event] = []
    second: list[Event] = []
    pipeline = Pipeline(OFTEN, listeners=[own.append])
    with use(first.append):
        execute(pipeline, lambda: 7)
        execute(pipeline, lambda: 7)
    with use(second.append):
        execute(pipeline, lambda: 7)
    execute(pipeline, lambda: 7)
    assert (len(own), len(first), len(second)) == (4, 2, 1)


@pytest.mark.parametrize("hears", [[Finished], (int,), "Finished", (Finished, int)])
def test_what_a_listener_hears_must_be_events(hears: object) -> None:
    listener = type("Wrong", (Recorder,), {"hears": hears})()
    with pytest.raises(ConfigError, match="hears"):
        use(listener)


def test_what_is_no_function_can_not_listen() -> None:
    with pytest.raises(ConfigError, match="listeners=7"):
        use(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_coroutine_function_can_not_listen() -> None:
    async def listener(event: Event) -> None:
        """Would never be awaited."""

    with pytest.raises(ConfigError, match="nobody awaits"):
        use(listener)
    with pytest.raises(ConfigError, match="nobody awaits"):
        Pipeline(OFTEN, listeners=[listener])


def test_listeners_are_told_of_an_end_in_the_reverse_order() -> None:
    """So that one who has put something around the attempt takes it away before the one around him does."""
    told: list[str] = []

    class Named:
        hears = (AttemptStarted, AttemptEnded, Finished)

        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, event: Event) -> None:
            told.append(f"{self.name} {type(event).__name__}")

    with use(Named("a"), Named("b")):
        execute(OFTEN, lambda: 7)
    assert told == [
        *("a AttemptStarted", "b AttemptStarted"),
        *("b AttemptEnded", "a AttemptEnded"),
        *("a Finished", "b Finished"),
    ]
