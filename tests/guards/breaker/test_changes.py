"""Who is told of a breaker's changes: each process that sees one, once; operators' orders go to everybody."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pytest

from mulligan import Pipeline, Policy, no_delay, try_execute
from mulligan.events import GuardChanged
from mulligan.guards import CircuitBreaker, Status, consecutive
from mulligan.guards.cells import MemoryCell
from mulligan.observe import use
from mulligan.testing import virtual_time

if TYPE_CHECKING:
    from mulligan.events import Event
    from mulligan.guards.cells import Strategy
    from mulligan.guards.protocol import Call

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")
ONCE: Policy[int] = Policy(name="bank", retry_on=ConnectionError, schedule=no_delay(), max_attempts=1)


class Elsewhere(Generic[S, E, A]):
    """A cell as a store of a fleet has it: another process may have moved it on."""

    def __init__(self, shared: MemoryCell[S, E, A]) -> None:
        self.shared = shared

    def apply(self, event: E, now: float, call: Call | None = None) -> A:
        return self.shared.apply(event, now, call)

    async def apply_async(self, event: E, now: float, call: Call | None = None) -> A:
        return self.shared.apply(event, now, call)

    def insist(self, event: E) -> A:
        return self.shared.apply(event, 0.0)

    def known(self, now: float) -> tuple[S, float]:
        return self.shared.state, now


class Fleet:
    """A store in which breakers of one name share their state, each of them standing for a process."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], Any] = {}  # cells of whatever the strategies are of

    def cell(self, name: str, key: str, strategy: Strategy[S, E, A], /) -> Elsewhere[S, E, A]:
        return Elsewhere(self.cells.setdefault((name, key), MemoryCell(strategy)))


class Process:
    """A process of the fleet: its breaker, and what it was told."""

    def __init__(self, fleet: Fleet) -> None:
        self.told: list[tuple[str, str]] = []
        self.breaker = CircuitBreaker("bank", consecutive(1), open_for=60, store=fleet)
        self.pipeline = Pipeline(ONCE, guards=[self.breaker], listeners=[self.listen])

    def listen(self, event: Event) -> None:
        if isinstance(event, GuardChanged):
            self.told.append((event.before, event.after))

    def succeed(self) -> None:
        try_execute(self.pipeline, lambda: 7)

    def fail(self) -> None:
        try_execute(self.pipeline, failing)


def failing() -> int:
    raise ConnectionError


def test_each_process_of_a_fleet_tells_a_change_when_it_sees_it() -> None:
    fleet = Fleet()
    first, second = Process(fleet), Process(fleet)
    with virtual_time() as clock:
        first.fail()
        second.succeed()
        second.succeed()
        assert (first.told, second.told) == ([("closed", "open")], [("closed", "open")])
        clock.advance(61)
        second.succeed()
        first.succeed()
    assert second.told[1:] == [("open", "half_open"), ("half_open", "closed")]
    assert first.told[1:] == [("open", "closed")]


def test_a_process_that_starts_while_it_is_open_tells_so() -> None:
    fleet = Fleet()
    with virtual_time():
        Process(fleet).fail()
        late = Process(fleet)
        late.succeed()
    assert late.told == [("closed", "open")]


def test_what_was_seen_of_a_fleet_is_bounded() -> None:
    fleet = Fleet()
    breaker = CircuitBreaker("bank", consecutive(1), open_for=60, store=fleet, key=str, max_keys=2)
    told: list[Event] = []

    def call(number: int) -> int:
        raise ConnectionError

    with virtual_time():
        for number in range(5):
            try_execute(Pipeline(ONCE, guards=[breaker], listeners=[told.append]), call, number)
        try_execute(Pipeline(ONCE, guards=[breaker], listeners=[told.append]), call, 4)
    changes = [event.key for event in told if isinstance(event, GuardChanged)]
    assert changes == ["0", "1", "2", "3", "4"]
    assert sorted(vars(breaker)["_seen"]) == ["3", "4"]


def test_threads_tell_a_change_once() -> None:
    fleet, barrier = Fleet(), threading.Barrier(8)
    Process(fleet).fail()
    process = Process(fleet)

    def call() -> None:
        barrier.wait()
        process.succeed()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert process.told == [("closed", "open")]


@pytest.mark.parametrize("store", [None, Fleet()], ids=["memory", "fleet"])
def test_what_an_operator_does_is_told_to_the_listeners_of_every_execution(store: Fleet | None) -> None:
    seen: list[Event] = []
    breaker = CircuitBreaker("bank", store=store)
    with use(seen.append):
        breaker.force_open()
        breaker.force_open()
        breaker.reset()
    breaker.disable()
    assert seen == [
        GuardChanged(policy="", guard="bank", key="", before=Status.CLOSED, after=Status.FORCED_OPEN),
        GuardChanged(policy="", guard="bank", key="", before=Status.FORCED_OPEN, after=Status.CLOSED),
    ]
