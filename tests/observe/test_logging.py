"""Standard logging: one record for each retry and one for each exhaustion, and nothing that was not asked for."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from mulligan import Execution, Pipeline, Policy, constant, execute, no_delay, try_execute
from mulligan.errors import ConfigError
from mulligan.events import GuardChanged, Nested, Refused, StoreFound, StoreLost
from mulligan.guards import CircuitBreaker, consecutive
from mulligan.observe import Logging, use
from tests.executors.worlds import Script, World, every_form, every_world

if TYPE_CHECKING:
    from mulligan.events import Event

FETCH: Policy[int] = Policy(name="fetch", retry_on=ConnectionError, schedule=constant(1), max_attempts=3)
QUICK = FETCH.replace(schedule=no_delay())
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def facts(record: logging.LogRecord) -> dict[str, object]:
    """Answer what a record has beside what every record has."""
    return {name: value for name, value in vars(record).items() if name not in STANDARD}


@every_world
@every_form
def test_a_retry_is_a_record_and_an_exhaustion_is_one(
    world: World, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    with use(Logging()), pytest.raises(ConnectionError):
        world.run(form, FETCH, Script((0.5, ConnectionError("secret"))))
    said = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "mulligan"]
    assert said == [
        ("WARNING", "fetch: attempt 1 raised ConnectionError; another one follows in 1.000 s"),
        ("WARNING", "fetch: attempt 2 raised ConnectionError; another one follows in 1.000 s"),
        ("ERROR", "fetch: gave up after 3 attempts in 3.500 s (max_attempts); last: ConnectionError"),
    ]
    retry, _, exhausted = [facts(record) for record in caplog.records if record.name == "mulligan"]
    execution = retry.pop("mulligan_execution")
    assert exhausted.pop("mulligan_execution") == execution
    assert retry == {
        "mulligan_event": "mulligan.retry",
        "mulligan_policy": "fetch",
        "mulligan_attempt": 1,
        "mulligan_delay": 1.0,
        "mulligan_elapsed": pytest.approx(0.5),
        "mulligan_error": "ConnectionError",
    }
    assert exhausted == {
        "mulligan_event": "mulligan.exhausted",
        "mulligan_policy": "fetch",
        "mulligan_attempts": 3,
        "mulligan_elapsed": pytest.approx(3.5),
        "mulligan_reason": "max_attempts",
        "mulligan_error": "ConnectionError",
    }


def test_a_success_is_no_record(caplog: pytest.LogCaptureFixture) -> None:
    with use(Logging()):
        execute(QUICK, Script(7).play)
    assert caplog.records == []


def test_an_error_that_is_not_transient_is_the_callers_to_log(caplog: pytest.LogCaptureFixture) -> None:
    with use(Logging()):
        try_execute(QUICK, Script(KeyError()).play)
    assert caplog.records == []


def test_a_value_that_is_not_accepted_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    policy = QUICK.replace(retry_if=lambda value: value == 987654321)
    with use(Logging(include_messages=True)):
        try_execute(policy, Script(987654321).play)
    messages = [record.getMessage() for record in caplog.records]
    assert messages[0] == "fetch: attempt 1 returned a value that is not accepted; another one follows in 0.000 s"
    assert messages[2].endswith("(max_attempts); last: no error")
    assert "987654321" not in str([vars(record) for record in caplog.records])


@pytest.mark.parametrize("asked", [False, True])
def test_messages_of_errors_are_there_only_if_asked_for(caplog: pytest.LogCaptureFixture, asked: bool) -> None:
    """Not in the sentence, not in the fields, and no traceback."""
    with use(Logging(include_messages=asked)):
        try_execute(QUICK, Script(ConnectionError("token=hunter2")).play)
    everything = str([(record.getMessage(), vars(record)) for record in caplog.records])
    assert ("hunter2" in everything) is asked
    assert all(record.exc_info is None for record in caplog.records)
    assert ("mulligan_message" in facts(caplog.records[0])) is asked


@pytest.mark.parametrize("asked", [False, True])
def test_arguments_are_never_there_and_keys_of_guards_only_if_asked_for(
    caplog: pytest.LogCaptureFixture, asked: bool
) -> None:
    def charge(card: str) -> int:
        raise ConnectionError

    def key_of(card: str) -> str:
        return f"key of {card}"

    breaker = CircuitBreaker("bank", consecutive(1), open_for=60, key=key_of)
    with use(Logging(include_messages=asked)):
        try_execute(Pipeline(QUICK, guards=[breaker]), charge, "4929-1111")
    [changed, _] = caplog.records
    assert changed.getMessage() == "fetch: the guard bank is open, it was closed"
    assert (facts(changed).get("mulligan_key") == "key of 4929-1111") is asked
    everything = str([(record.getMessage(), vars(record)) for record in caplog.records])
    assert ("4929-1111" in everything) is asked


@pytest.mark.parametrize(
    ("event", "level", "message"),
    [
        (
            GuardChanged(policy="", guard="bank", key="", before="open", after="closed"),
            *("INFO", "a policy without a name: the guard bank is closed, it was open"),
        ),
        (
            Nested(policy="outer", attempts=4, inner=16),
            *("WARNING", "outer: retries inside retries: 4 attempts of 16 calls each make 64"),
        ),
        (
            StoreLost(policy="fetch", store="redis", error=TimeoutError),
            "WARNING",
            "fetch: the store redis does not answer (TimeoutError); guards go by what this process knows",
        ),
        (StoreFound(policy="fetch", store="redis"), "INFO", "fetch: the store redis answers again"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_events_are_records_too(caplog: pytest.LogCaptureFixture, event: Event, level: str, message: str) -> None:
    caplog.set_level(logging.INFO, "mulligan")
    Logging()(event)
    [record] = caplog.records
    assert (record.levelname, record.getMessage()) == (level, message)


def test_a_refusal_is_told_by_the_exhaustion_alone(caplog: pytest.LogCaptureFixture) -> None:
    Logging()(Refused(policy="fetch", attempt=1, guard="bank", retry_after=60.0))
    assert caplog.records == []


def test_an_interrupted_execution_is_no_exhaustion(caplog: pytest.LogCaptureFixture) -> None:
    def observe(event: object) -> None:
        raise LookupError("observer")

    with use(Logging()), pytest.raises(LookupError):
        Execution(QUICK, on_retry=observe).run(Script(ConnectionError()).play)
    assert [vars(record)["mulligan_event"] for record in caplog.records] == ["mulligan.retry"]


def test_records_can_be_written_as_json(caplog: pytest.LogCaptureFixture) -> None:
    with use(Logging()):
        try_execute(QUICK, Script(ConnectionError()).play)
    for record in caplog.records:
        assert json.loads(json.dumps(facts(record))) == facts(record)


def test_another_logger_can_be_given(caplog: pytest.LogCaptureFixture) -> None:
    with use(Logging(logger="shop.retries")):
        try_execute(QUICK, Script(ConnectionError()).play)
    assert {record.name for record in caplog.records} == {"shop.retries"}


def test_listeners_of_the_same_settings_are_one(caplog: pytest.LogCaptureFixture) -> None:
    assert Logging() == Logging()
    with use(Logging(), Logging()):
        try_execute(Pipeline(QUICK, listeners=[Logging()]), Script(ConnectionError()).play)
    assert len(caplog.records) == 3


def test_a_logger_is_given_by_its_name() -> None:
    with pytest.raises(ConfigError, match=r"^logger=.*give its name"):
        Logging(logger=logging.getLogger("shop"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
