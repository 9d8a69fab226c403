"""The libraries that are measured, each as the source of the same two functions.

Rules: `happy` succeeds at once; `flaky` fails four times and succeeds at the fifth attempt, without delay. Where a
library can't be told to sleep 0 s, `time.sleep` does nothing while it is measured. A peer that isn't installed is left
out. Sources, because most of the peers bring no types.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PEERS", "Peer"]

OPERATIONS = """
calls = 0
def succeed():
    return 1
def succeed_with(a, b):
    return a
def fail_four_times():
    global calls
    calls += 1
    if calls % 5:
        raise ConnectionError("flaky")
    return 1
async def succeed_async():
    return 1
ERRORS = (ConnectionError, TimeoutError)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One library: its name, what to import, and the source of a decorator `wrap`; `wrap_async` where it has one."""

    name: str
    distribution: str
    source: str
    is_async: bool = False


PEERS = (
    Peer(
        name="tenacity",
        distribution="tenacity",
        is_async=True,
        source="""
import tenacity
wrap = wrap_async = tenacity.retry(
    stop=tenacity.stop_after_attempt(5), wait=tenacity.wait_none(),
    retry=tenacity.retry_if_exception_type(ERRORS), reraise=True,
)
""",
    ),
    Peer(
        name="stamina",
        distribution="stamina",
        is_async=True,
        source="""
import stamina
stamina.instrumentation.set_on_retry_hooks([])
wrap = wrap_async = stamina.retry(on=ERRORS, attempts=5, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0)
""",
    ),
    Peer(
        name="backoff",
        distribution="backoff",
        is_async=True,
        source="""
import backoff
wrap = wrap_async = backoff.on_exception(backoff.constant, ERRORS, max_tries=5, interval=0, jitter=None, logger=None)
""",
    ),
    Peer(
        name="retrying",
        distribution="retrying",
        source="""
import retrying
wrap = retrying.retry(stop_max_attempt_number=5, retry_on_exception=ERRORS)
""",
    ),
    Peer(
        name="retry",
        distribution="retry",
        source="""
import retry as retry_module
wrap = retry_module.retry(ERRORS, tries=5, delay=0, logger=None)
""",
    ),
    Peer(
        name="opnieuw",
        distribution="opnieuw",
        is_async=True,
        source="""
import opnieuw
wrap = opnieuw.retry(retry_on_exceptions=ERRORS, max_calls_total=5, retry_window_after_first_call_in_seconds=1)
wrap_async = opnieuw.retry_async(
    retry_on_exceptions=ERRORS, max_calls_total=5, retry_window_after_first_call_in_seconds=1
)
""",
    ),
    Peer(
        name="google-api-core",
        distribution="google-api-core",
        is_async=True,
        source="""
from google.api_core import retry as google_retry
wrap = google_retry.Retry(
    predicate=google_retry.if_exception_type(*ERRORS), initial=0.001, maximum=0.001, timeout=None
)
wrap_async = google_retry.AsyncRetry(predicate=google_retry.if_exception_type(*ERRORS), timeout=None)
""",
    ),
    Peer(
        name="pyresilience",
        distribution="pyresilience",
        is_async=True,
        source="""
import pyresilience
wrap = wrap_async = pyresilience.resilient(
    retry=pyresilience.RetryConfig(max_attempts=5, delay=0, jitter=False, retry_on=ERRORS)
)
""",
    ),
    Peer(
        name="redress",
        distribution="redress",
        is_async=True,
        source="""
import redress
wrap = wrap_async = redress.retry(
    classifier=lambda error: redress.ErrorClass.TRANSIENT, strategy=lambda context: 0.0, max_attempts=5
)
""",
    ),
)
