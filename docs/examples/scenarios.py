"""Play scripted faults against the functions of one version of the shop, in virtual time.

Usage: python scenarios.py FOLDER   (the folder that holds the package `shop`)

Prints JSON: a list of plays, each a timeline of calls, errors, sleeps, logs and the result. The old and the migrated
shop are both called `shop`, so each is played in a process of its own. Nothing sleeps: `time.sleep` and `asyncio.sleep`
advance the clock that `time.monotonic` and `time.time` read.

A script is a string of outcomes, one for each call: `x` fails in the way that the function expects, `!` fails
otherwise, `.` answers.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import sqlite3
import sys
import time
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 7
"""The most failures in a row; nearly every bounded loop of the shop gives up before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a timeline: `at` seconds after the start, what kind of event, and its text."""

    at: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What one function did with one script."""

    function: str
    script: str
    shown: bool
    calls: int
    events: list[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A function under test: how to call it with a scripted collaborator, and which errors it expects."""

    function: str
    call: Callable[[Callable[..., Any]], Any]
    expected: Callable[[str], BaseException]
    answer: object
    shown: tuple[str, ...] = ()
    is_async: bool = False


class Timeline(logging.Handler):
    """The virtual clock and the record of what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.restart()

    def restart(self) -> None:
        """Forget everything and set the clock to zero."""
        self.now, self.events = 0.0, list[Event]()

    def note(self, kind: str, text: str) -> None:
        """Record an event at the present instant."""
        self.events.append(Event(at=round(self.now, 6), kind=kind, text=text))

    def sleep(self, seconds: float) -> None:
        """Stand in for `time.sleep`; a sleep of 0 s is none, as for mulligan."""
        if seconds:
            self.note("sleep", f"{seconds:g} s")
            self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        """Stand in for `asyncio.sleep`."""
        self.note("sleep", f"{seconds:g} s (async)")
        self.now += seconds

    def emit(self, record: logging.LogRecord) -> None:
        """Record what the shop logs."""
        self.note("log", f"{record.levelname}: {record.getMessage()}")


def describe(error: BaseException) -> str:
    """Name an exception, its message and its cause."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text if error.__cause__ is None else f"{text}, from {describe(error.__cause__)}"


class Collaborator:
    """Takes one outcome of the script for each call."""

    def __init__(self, subject: Subject, script: str, timeline: Timeline) -> None:
        self.subject, self.script, self.timeline, self.calls = subject, script, timeline, 0

    def __call__(self, *args: object) -> object:
        """Do what the script says for this call."""
        self.calls += 1
        self.timeline.note("call", f"#{self.calls} ({', '.join(map(repr, args))})")
        match self.script[self.calls - 1 : self.calls]:
            case ".":
                return self.subject.answer
            case "x":
                error = self.subject.expected(f"failure {self.calls}")
            case _:
                error = ArithmeticError(f"failure {self.calls}")
        self.timeline.note("error", describe(error))
        raise error


def patch_time(timeline: Timeline) -> None:
    """Put virtual time in the place of the real one, for the whole process."""
    time.sleep = timeline.sleep
    asyncio.sleep = timeline.async_sleep  # type: ignore[assignment]
    time.monotonic = time.time = lambda: 1000.0 + timeline.now


def play(subject: Subject, script: str, timeline: Timeline) -> Play:
    """Run one script and record how it ends."""
    timeline.restart()
    collaborator = Collaborator(subject, script, timeline)

    async def acall(*args: object) -> object:
        return collaborator(*args)

    try:
        result = subject.call(acall if subject.is_async else collaborator)
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
        timeline.note("result", repr(result))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs on the timeline
        timeline.note("raised", describe(error))
        for note in getattr(error, "__notes__", ()):
            timeline.note("note", note)
    return Play(
        function=subject.function,
        script=script,
        shown=script in subject.shown,
        calls=collaborator.calls,
        events=timeline.events,
    )


def scripts(failures: int) -> tuple[str, str]:
    """Name the two scripts with so many failures: an answer follows, or an unexpected error."""
    return "x" * failures + ".", "x" * failures + "!"


def play_all(subject: Subject, timeline: Timeline) -> Iterator[Play]:
    """Play the shown scripts, then every number of failures up to the one after which the function gives up."""
    for script in subject.shown:
        yield play(subject, script, timeline)
    for failures in range(LONGEST + 1):
        batch = [play(subject, script, timeline) for script in scripts(failures) if script not in subject.shown]
        yield from batch
        if any(each.calls <= failures for each in batch):
            return


def transport(module: Callable[[str], Any]) -> Iterator[Subject]:
    """Yield the HTTP client's functions."""
    http, errors = module("http_client"), module("errors")

    def client(send: Callable[..., Any], **options: Any) -> Any:
        return http.HttpClient("http://shop", SimpleNamespace(send=send), **options)

    common: dict[str, Any] = {"expected": errors.TransportError, "answer": "page"}
    yield Subject(function="HttpClient.get", call=lambda f: client(f).get("/tea"), shown=("xx.", "xxx"), **common)
    for retries, delay in ((1, 2), (2, 0), (5, 0.1)):
        yield Subject(
            function=f"HttpClient.get, {retries} attempts, {delay:g} s apart",
            call=lambda f, n=retries, d=delay: client(f, retries=n, delay=d).get("/tea"),
            **common,
        )
    yield Subject(
        function="HttpClient.get_json",
        call=lambda f: client(f).get_json("/tea"),
        expected=errors.TransportError,
        answer=SimpleNamespace(json=lambda: {"sku": 7}),
        shown=("xxx.",),
    )
    yield Subject(function="HttpClient.post", call=lambda f: client(f).post("/orders", b"{}"), shown=("x!",), **common)
    yield Subject(function="HttpClient.ping", call=lambda f: client(f).ping(), **common)


def storage(module: Callable[[str], Any]) -> Iterator[Subject]:
    """Yield the database's functions."""
    database = module("database").Database
    common: dict[str, Any] = {
        "expected": sqlite3.OperationalError,
        "answer": SimpleNamespace(fetchall=lambda: [(4200,)]),
    }

    def db(execute: Callable[..., Any]) -> Any:
        return database(SimpleNamespace(execute=execute))

    yield Subject(
        function="Database.execute", call=lambda f: db(f).execute("DELETE FROM carts"), shown=("x.", "xxxx"), **common
    )
    yield Subject(function="Database.order_total", call=lambda f: db(f).order_total(12), shown=("xxx",), **common)
    yield Subject(function="Database.create_schema", call=lambda f: db(f).create_schema(), **common)
    yield Subject(
        function="Database.open",
        call=lambda f: database.open("orders.db", f).connection,
        expected=sqlite3.OperationalError,
        answer="connection",
    )


def worker(module: Callable[[str], Any]) -> Iterator[Subject]:
    """Yield the queue worker's functions."""
    make, errors = module("queue_worker").QueueWorker, module("errors")
    common: dict[str, Any] = {"expected": errors.BrokerDown, "answer": "ok"}

    def at(**methods: Callable[..., Any]) -> Any:
        return make(SimpleNamespace(**methods), {}, poll_seconds=2)

    yield Subject(function="QueueWorker.ack", call=lambda f: at(ack=f).ack(7), shown=("xxx.",), **common)
    yield Subject(function="QueueWorker.wait_for_broker", call=lambda f: at(ping=f).wait_for_broker(), **common)
    yield Subject(function="QueueWorker.connect", call=lambda f: at(connect=f).connect(), **common)
    yield Subject(function="QueueWorker.next_job", call=lambda f: at(pop=f).next_job(), **common)


def events(module: Callable[[str], Any]) -> Iterator[Subject]:
    """Yield the async client's functions."""
    make, errors = module("async_client").AsyncClient, module("errors")
    common: dict[str, Any] = {"expected": errors.TransportError, "answer": "ok", "is_async": True}

    def client(request: Callable[..., Any], **options: Any) -> Any:
        return make(SimpleNamespace(request=request), **options)

    yield Subject(function="AsyncClient.fetch", call=lambda f: client(f).fetch("e1"), shown=("xx.",), **common)
    yield Subject(function="AsyncClient.submit", call=lambda f: client(f).submit("paid"), shown=("xxx",), **common)
    for limit in (3, 0, 1):
        yield Subject(
            function=f"AsyncClient.subscribe, {limit} retries",
            call=lambda f, n=limit: client(f, max_retries=n).subscribe("orders"),
            **common,
        )
    yield Subject(
        function="AsyncClient.wait_until_ready",
        call=lambda f: client(f).wait_until_ready(),
        expected=ConnectionError,
        answer=None,
        is_async=True,
    )
    yield Subject(function="AsyncClient.upload", call=lambda f: client(f).upload(b"scan"), **common)


def money_and_goods(module: Callable[[str], Any]) -> Iterator[Subject]:
    """Yield the functions around payments, stock and parcels."""
    payments, inventory, shipping = module("payments"), module("inventory"), module("shipping")
    errors = module("errors")

    def stock(**methods: Callable[..., Any]) -> Any:
        return inventory.Inventory(SimpleNamespace(**methods))

    yield Subject(
        function="load_exchange_rates",
        call=payments.load_exchange_rates,
        expected=OSError,
        answer={"USD": 1.1},
        shown=("xxxx",),
    )
    for tries in (3, 1, 4):
        yield Subject(
            function=f"Payments.lookup, {tries} attempts",
            call=lambda f, n=tries: payments.Payments(SimpleNamespace(lookup=f), max_tries=n).lookup("c1"),
            expected=ConnectionError,
            answer="charge",
        )
    for method, error in (("capture", errors.GatewayError), ("settle", errors.GatewayError)):
        arguments = ("c1", 100) if method == "capture" else (["c1"],)
        yield Subject(
            function=f"Payments.{method}",
            call=lambda f, m=method, a=arguments: getattr(payments.Payments(SimpleNamespace(**{m: f})), m)(*a),
            expected=error,
            answer="receipt",
        )
    common: dict[str, Any] = {"answer": 12}
    yield Subject(
        function="Inventory.level", call=lambda f: stock(level=f).level("tea"), expected=ConnectionError, **common
    )
    yield Subject(
        function="Inventory.reserve",
        call=lambda f: stock(reserve=f).reserve("tea", 2),
        expected=errors.StockConflict,
        **common,
    )
    yield Subject(
        function="Inventory.restock",
        call=lambda f: stock(restock=f).restock("tea", 2),
        expected=errors.StockConflict,
        shown=("xxx",),
        **common,
    )
    for method in ("label", "track", "pickup"):
        name = {"label": "create_label"}.get(method, method)
        yield Subject(
            function=name,
            call=lambda f, m=method, n=name: getattr(shipping, n)(SimpleNamespace(**{m: f}), "parcel"),
            expected=errors.TransportError if method == "pickup" else errors.CarrierError,
            **common,
        )


def main(folder: str) -> None:
    """Play everything and print the timelines."""
    sys.path.insert(0, folder)

    def module(name: str) -> Any:
        return importlib.import_module(f"shop.{name}")

    subjects = [s for chapter in (transport, storage, worker, events, money_and_goods) for s in chapter(module)]
    timeline = Timeline()
    logger = logging.getLogger("shop")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(timeline)
    patch_time(timeline)
    plays = [each for subject in subjects for each in play_all(subject, timeline)]
    json.dump([asdict(each) for each in plays], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
