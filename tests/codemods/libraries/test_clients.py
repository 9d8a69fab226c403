"""Clients and queues that retry by themselves are told, with the policy that says the same, and never rewritten."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from mulligan_codemods.site import Status
from urllib3.util.retry import RequestHistory, Retry

import mulligan
from mulligan.schedules import BaseSchedule
from tests.codemods.libraries.migrating import Migrated, migrated

ADAPTER = "from requests.adapters import HTTPAdapter\n"
BROKEN = "error(requests.ConnectionError, requests.Timeout)"
DRAWN = "min_of(exponential(2).jittered(full_jitter()), constant(120))"
HTTPX = "error(httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)"
LOST = "error(aiohttp.ClientConnectionError, TimeoutError)"
SLOWER = "no_delay().take(1).then(exponential(1, cap=120))"
RETRY = "from urllib3.util.retry import Retry\n"


def told(code: str) -> tuple[Migrated, str]:
    """Answer a migration of one finding, and the policy in its message."""
    done = migrated(code)
    (row,) = done.rows
    assert row.reason is not None
    assert (row.status, row.reason.code, done.text) == (Status.REFUSED, "ML258", code)
    found = re.search(r": (Policy\(.*\)) would say the same", row.reason.message)
    assert found is not None
    return done, found[1]


@pytest.mark.parametrize(
    ("code", "policy"),
    [
        (
            f"{RETRY}retries = Retry(total=3, backoff_factor=0.5, status_forcelist=[502, 503])\n",
            f"classify=status(502, 503) | {BROKEN}, schedule={SLOWER}, max_attempts=4",
        ),
        (
            f"{RETRY}retries = Retry(conf.total)\n",
            f"classify={BROKEN}, schedule=no_delay(), max_attempts=conf.total + 1",
        ),
        (
            f"{ADAPTER}adapter = HTTPAdapter(max_retries=3)\n",
            "retry_on=requests.ConnectionError, schedule=no_delay(), max_attempts=4",
        ),
        (
            f"{ADAPTER}{RETRY}adapter = HTTPAdapter(max_retries=Retry(2))\n",
            f"classify={BROKEN}, schedule=no_delay(), max_attempts=3",
        ),
        (
            "import requests\nadapter = requests.adapters.HTTPAdapter(max_retries=1)\n",
            "retry_on=requests.ConnectionError, schedule=no_delay(), max_attempts=2",
        ),
        (
            "import httpx_retries\ntransport = httpx_retries.RetryTransport()\n",
            f"classify=status(429, 502, 503, 504) | {HTTPX}, schedule=no_delay(), max_attempts=11",
        ),
        (
            "import httpx_retries as r\nr.RetryTransport(retry=r.Retry(3, backoff_factor=1, status_forcelist=[503]))",
            f"classify=status(503) | {HTTPX}, schedule={DRAWN}, max_attempts=4",
        ),
        (
            "from httpx_retries import Retry\nretry = Retry(5, backoff_factor=1, backoff_jitter=0)\n",
            f"classify=status(429, 502, 503, 504) | {HTTPX}, schedule=exponential(2, cap=120), max_attempts=6",
        ),
        (
            "from aiohttp_retry import ExponentialRetry\noptions = ExponentialRetry(attempts=5)\n",
            f"classify={LOST}, schedule=exponential(0.2, cap=30), max_attempts=5",
        ),
        (
            "@app.task(autoretry_for=(OSError,), retry_backoff=3, max_retries=5)\ndef job(): ...\n",
            "retry_on=(OSError,), schedule=exponential(3, cap=600).jittered(full_jitter()), max_attempts=6",
        ),
        (
            "@app.task(autoretry_for=(OSError,), retry_kwargs={'max_retries': 7, 'countdown': 5})\ndef job(): ...\n",
            "retry_on=(OSError,), schedule=constant(5), max_attempts=8",
        ),
    ],
)
def test_the_policy_that_says_the_same_is_named(code: str, policy: str) -> None:
    done, found = told(code)
    assert found == f"Policy({policy})"
    assert done.policies == ""


def test_a_jitter_that_no_policy_has_is_told_without_one() -> None:
    done = migrated("from httpx_retries import Retry\nretry = Retry(backoff_factor=1, backoff_jitter=0.5)\n")
    assert [row.reason.message for row in done.rows if row.reason is not None] == ["httpx-retries retries by itself"]


def test_a_finding_names_where_it_stands() -> None:
    done, _ = told("class Jobs:\n    @app.task(autoretry_for=(OSError,))\n    def run(self): ...\n")
    assert [(row.site.qualname, row.site.shape) for row in done.rows] == [("Jobs.run", "celery")]


@pytest.mark.parametrize(
    "code",
    [
        "from elsewhere import Retry\nretries = Retry(3)\n",
        f"{ADAPTER}adapter = HTTPAdapter(max_retries=retries)\n",
        f"{ADAPTER}adapter = HTTPAdapter(pool_maxsize=3)\n",
        "adapter = HTTPAdapter(max_retries=3)\n",
    ],
)
def test_what_is_no_client_or_tells_nothing_is_left_out(code: str) -> None:
    assert migrated(code).rows == ()


@pytest.mark.parametrize("factor", [0, 0.1, 0.5, 2, 100])
def test_urllib3_waits_as_the_policy_says(factor: float) -> None:
    _, text = told(f"{RETRY}retries = Retry(total=9, backoff_factor={factor})\n")
    schedule = re.search(r"schedule=(.*), max_attempts", text)
    assert schedule is not None
    delays = eval(schedule[1], dict(vars(mulligan)))  # noqa: S307 - our own text
    assert isinstance(delays, BaseSchedule)
    client = Retry(total=9, backoff_factor=factor)
    history = [RequestHistory("GET", "/", None, 503, None)]
    waits = [client.new(history=tuple(history * number)).get_backoff_time() for number in range(1, 10)]
    assert [*islice(delays, 9)] == pytest.approx(waits)
