"""structlog, the real one: entries, and what bound loggers and processors do to them."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog
from structlog.testing import capture_logs

from mulligan import Policy, constant, no_delay, try_execute
from mulligan.observe import Structlog, use
from tests.executors.worlds import Script, World, every_form, every_world

if TYPE_CHECKING:
    from collections.abc import Iterator

FETCH: Policy[int] = Policy(name="fetch", retry_on=ConnectionError, schedule=constant(1), max_attempts=2)
QUICK = FETCH.replace(schedule=no_delay())


@pytest.fixture(autouse=True)
def _defaults() -> Iterator[None]:
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@every_world
@every_form
def test_a_retry_is_an_entry_and_an_exhaustion_is_one(world: World, form: str) -> None:
    with capture_logs() as entries, use(Structlog()), pytest.raises(ConnectionError):
        world.run(form, FETCH, Script((0.5, ConnectionError("secret"))))
    retry, exhausted = entries
    assert retry.pop("execution") == exhausted.pop("execution")
    assert retry == {
        "event": "mulligan.retry",
        "log_level": "warning",
        "policy": "fetch",
        "attempt": 1,
        "delay": 1.0,
        "elapsed": pytest.approx(0.5),
        "error": "ConnectionError",
    }
    assert exhausted == {
        "event": "mulligan.exhausted",
        "log_level": "error",
        "policy": "fetch",
        "attempts": 2,
        "elapsed": pytest.approx(2.0),
        "reason": "max_attempts",
        "error": "ConnectionError",
    }


@pytest.mark.parametrize("asked", [False, True])
def test_messages_of_errors_are_there_only_if_asked_for(asked: bool) -> None:
    with capture_logs() as entries, use(Structlog(include_messages=asked)):
        try_execute(QUICK, Script(ConnectionError("token=hunter2")).play)
    assert ("hunter2" in str(entries)) is asked


def test_a_logger_of_ones_own_keeps_what_is_bound_to_it() -> None:
    output = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(output),
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    with use(Structlog(logger.bind(service="shop"))):
        try_execute(QUICK, Script(ConnectionError()).play)
    entries = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [(entry["service"], entry["event"], entry["level"]) for entry in entries] == [
        ("shop", "mulligan.retry", "warning"),
        ("shop", "mulligan.exhausted", "error"),
    ]


def test_a_level_that_is_filtered_out_is_not_written() -> None:
    output = io.StringIO()
    wrapper = structlog.make_filtering_bound_logger(logging.ERROR)
    logger = structlog.wrap_logger(structlog.PrintLogger(output), wrapper_class=wrapper)
    with use(Structlog(logger)):
        try_execute(QUICK, Script(ConnectionError()).play)
    assert output.getvalue().count("mulligan.") == 1


def test_listeners_of_one_logger_are_one() -> None:
    with capture_logs() as entries, use(Structlog(), Structlog()):
        try_execute(QUICK, Script(ConnectionError()).play)
    assert len(entries) == 2
