"""What the type checkers infer of the HTTP clients and the testing kit: checked by mypy and pyright, and run.

A wrong call carries the codes that both checkers give; an unused `type: ignore` is an error, so it must be one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_type

import httpx
import pytest

from mulligan import ConfigError, Pipeline, Policy, no_delay
from mulligan.events import Finished, Retrying
from mulligan.integrations.aiohttp import AiohttpFailures, RetryMiddleware
from mulligan.integrations.http import Repeating, ServerHint, repeatable, server_hint
from mulligan.integrations.httpx import RETRIES, AsyncRetryTransport, HttpxFailures, RetryTransport
from mulligan.integrations.requests import RequestsFailures, RetryAdapter
from mulligan.testing import RecordedEvents, VirtualClock, recording, virtual_time


def is_empty(response: httpx.Response) -> bool:
    return not response.content


def is_negative(value: int) -> bool:
    return value < 0


def test_a_client_takes_policies_and_pipelines_that_judge_its_answers() -> None:
    RetryTransport()
    RetryTransport(RETRIES)
    RetryTransport(Policy(retry_on=ConnectionError))
    RetryTransport(Policy[httpx.Response](retry_if=is_empty))
    AsyncRetryTransport(Pipeline(Policy(classify=HttpxFailures())))
    RetryAdapter(Policy(classify=RequestsFailures()))
    RetryMiddleware(Pipeline(Policy(classify=AiohttpFailures())))


def test_a_policy_that_judges_other_values_is_refused() -> None:
    policy = Policy[int](retry_if=is_negative, schedule=no_delay())
    RetryTransport(policy)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    RetryAdapter(policy)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    RetryMiddleware(policy)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_something_else_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match=r"^policy='retries'"):
        RetryTransport("retries")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_hints_are_typed() -> None:
    hint = assert_type(server_hint({"retry-after": "3"}, datetime.now(UTC)), ServerHint | None)
    assert hint is not None
    assert_type(hint.seconds, float | None)
    with repeatable():
        assert_type(Repeating().allows("GET", keyed=False), bool)


def test_the_kit_is_typed() -> None:
    with virtual_time() as clock, recording() as events:
        assert_type(clock, VirtualClock)
        assert_type(events, RecordedEvents)
    assert_type(events.retries, tuple[Retrying, ...])
    assert_type(events.finished, tuple[Finished, ...])
    assert_type(events.delays, tuple[float, ...])
