"""The programs that the tests of the proof share: a policies module, and pairs of old and new code."""

from __future__ import annotations

from dataclasses import dataclass

from mulligan_codemods.prove import Proof, prove

__all__ = ["PAIRS", "POLICIES", "Pair", "answer"]

POLICIES = """
import asyncio
import requests
from mulligan import UNLIMITED, Policy, constant, exponential, from_delays, full_jitter, linear, no_delay
from mulligan.config import define

FETCH = define(Policy(retry_on=(requests.RequestException,), schedule=exponential(1.0), max_attempts=3))
STEADY = define(Policy(name="shop.steady", retry_on=(requests.RequestException,), schedule=constant(2), max_attempts=4))
ONCE_A_SECOND = define(Policy(retry_on=(OSError,), schedule=constant(1), max_attempts=3))
CAPPED = define(Policy(retry_on=(OSError,), schedule=exponential(1.0, cap=5), max_attempts=5))
RISING = define(Policy(retry_on=(OSError,), schedule=linear(10, step=10), max_attempts=4))
LISTED = define(Policy(retry_on=(OSError,), schedule=from_delays((1, 2, 5)), max_attempts=4))
AT_ONCE = define(Policy(retry_on=(OSError,), schedule=no_delay(), max_attempts=3))
FOREVER = define(Policy(retry_on=(Exception,), schedule=constant(5), max_attempts=UNLIMITED))
ENDLESS = define(
    Policy(retry_on=(OSError,), schedule=exponential(1, cap=60), max_attempts=UNLIMITED)
)
PICKY = define(Policy(retry_on=lambda error: error.code == 503, schedule=constant(1), max_attempts=3))


def is_transient(error):
    return isinstance(error, OSError) and not isinstance(error, FileNotFoundError)


def is_no_timeout(error):
    return isinstance(error, requests.RequestException) and not isinstance(error, requests.Timeout)


def is_busy(error):
    return isinstance(error, OSError) and error.errno == 11


BUSY = define(Policy(retry_on=is_busy, schedule=constant(1), max_attempts=3))
PATIENT = define(Policy(retry_on=is_no_timeout, schedule=constant(2), max_attempts=4))
SIFTED = define(Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3))
"""

_NAMES = "AT_ONCE, BUSY, CAPPED, ENDLESS, FETCH, FOREVER, LISTED, ONCE_A_SECOND, PATIENT, PICKY, RISING, SIFTED, STEADY"
_OLD = """
import asyncio
import logging
import time
import requests

log = logging.getLogger(__name__)
PAUSE = 2
TRIES = 4
"""
_NEW = f"""
import asyncio
import logging
import time
import requests
from mulligan import Execution, attempts, constant, exponential, execute, execute_async, retry
from shop.retry_policies import {_NAMES}

log = logging.getLogger(__name__)
PAUSE = 2
TRIES = 4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Old and new text of one function, with what the proof has to assume."""

    name: str
    old: str
    new: str
    assumes: tuple[str, ...] = ()
    qualname: str = "fetch"


def answer(old: str, new: str, qualname: str = "fetch", policies: str = POLICIES) -> Proof:
    """Prove a pair whose texts lack the imports."""
    return prove(_OLD + old, _NEW + new, qualname=qualname, policies={"shop.retry_policies": policies})


PAIRS = (
    Pair(
        name="for range, raise on the last attempt",
        old="""
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url, timeout=3)
        except requests.RequestException:
            if attempt == 2:
                raise
            time.sleep(2 ** attempt)
""",
        new="""
def fetch(url):
    return execute(FETCH, requests.get, url, timeout=3)
""",
    ),
    Pair(
        name="for range under a decorator",
        old="""
def fetch(url, *, timeout=3):
    for attempt in range(3):
        try:
            reply = requests.get(url, timeout=timeout)
            reply.raise_for_status()
            return reply.json()
        except requests.RequestException:
            if attempt == 2:
                raise
            time.sleep(2 ** attempt)
""",
        new="""
@retry(FETCH)
def fetch(url, *, timeout=3):
    reply = requests.get(url, timeout=timeout)
    reply.raise_for_status()
    return reply.json()
""",
    ),
    Pair(
        name="for range with a constant of the module, else branch raises",
        old="""
def fetch(url):
    for attempt in range(1, TRIES + 1):
        try:
            page = requests.get(url)
        except requests.RequestException as error:
            if attempt < TRIES:
                log.warning("attempt %d of %d failed: %s", attempt, TRIES, error)
                time.sleep(PAUSE)
            else:
                raise
        else:
            break
    return page.text
""",
        new="""
def fetch(url):
    page = Execution(
        STEADY,
        on_retry=lambda event: log.warning("attempt %d of %d failed: %s", event.attempt, TRIES, event.error),
    ).run(requests.get, url)
    return page.text
""",
    ),
    Pair(
        name="raise after the loop",
        old="""
def fetch(path):
    for attempt in range(3):
        try:
            with open(path) as file:
                return file.read()
        except OSError:
            time.sleep(1)
    raise RuntimeError("no way to read " + path)
""",
        new="""
def fetch(path):
    def attempt():
        with open(path) as file:
            return file.read()

    try:
        return execute(ONCE_A_SECOND, attempt)
    except OSError:
        raise RuntimeError("no way to read " + path)
""",
    ),
    Pair(
        name="raise after the loop from the last error",
        old="""
def fetch(self, path):
    last = None
    for _ in range(3):
        try:
            return self.read(path)
        except OSError as error:
            last = error
            time.sleep(1)
    raise RuntimeError("gave up") from last
""",
        new="""
def fetch(self, path):
    try:
        return execute(ONCE_A_SECOND, self.read, path)
    except OSError as error:
        raise RuntimeError("gave up") from error
""",
        assumes=("self.read is the same method at each attempt",),
    ),
    Pair(
        name="while True with a counter",
        old="""
def fetch(url):
    failures = 0
    while True:
        try:
            return requests.get(url)
        except requests.RequestException as error:
            failures += 1
            if failures >= 4:
                raise
            log.warning("attempt %s failed: %s", failures, error)
            time.sleep(2)
""",
        new="""
def fetch(url):
    def report(event):
        log.warning("attempt %s failed: %s", event.attempt, event.error)

    return Execution(STEADY, on_retry=report).run(requests.get, url)
""",
    ),
    Pair(
        name="while True with a fatal clause first",
        old="""
def fetch(url):
    failures = 0
    while True:
        try:
            return requests.get(url)
        except requests.Timeout:
            raise
        except requests.RequestException:
            failures += 1
            if failures == 4:
                raise
            time.sleep(2)
""",
        new="""
def fetch(url):
    return execute(PATIENT, requests.get, url)
""",
        assumes=("requests.RequestException derives from Exception",),
    ),
    Pair(
        name="a new exception on exhaustion in the handler",
        old="""
def fetch(self, order):
    failures = 0
    while True:
        try:
            self.client.send({"order": order})
            break
        except OSError as error:
            failures += 1
            if failures >= 3:
                raise ValueError("not sent") from error
            time.sleep(1)
    self.sent = True
""",
        new="""
def fetch(self, order):
    try:
        execute(ONCE_A_SECOND, lambda: self.client.send({"order": order}))
    except OSError as error:
        raise ValueError("not sent") from error
    self.sent = True
""",
    ),
    Pair(
        name="unbounded",
        old="""
def fetch(host, body):
    while True:
        try:
            connection = requests.Session(host)
            connection.put(body)
            log.info("answer: %s", connection.status)
            break
        except Exception as error:
            log.error("failed %s", error, exc_info=True)
            time.sleep(5)
""",
        new="""
def fetch(host, body):
    def attempt():
        connection = requests.Session(host)
        connection.put(body)
        log.info("answer: %s", connection.status)

    Execution(FOREVER, on_retry=lambda event: log.error("failed %s", event.error, exc_info=True)).run(attempt)
""",
    ),
    Pair(
        name="symbolic count and delay",
        old="""
def fetch(url, tries=3, pause=1.0):
    for attempt in range(tries):
        try:
            return requests.get(url)
        except requests.RequestException:
            if attempt == tries - 1:
                raise
            time.sleep(pause)
""",
        new="""
def fetch(url, tries=3, pause=1.0):
    return execute(FETCH.replace(max_attempts=tries, schedule=constant(pause)), requests.get, url)
""",
        assumes=("pause ≥ 0", "tries ≥ 1"),
    ),
    Pair(
        name="attributes as count and delay",
        old="""
def fetch(self, url):
    for attempt in range(self.tries):
        try:
            return requests.get(url)
        except requests.RequestException:
            if attempt == self.tries - 1:
                raise
            time.sleep(self.pause)
""",
        new="""
def fetch(self, url):
    return execute(FETCH.replace(max_attempts=self.tries, schedule=constant(self.pause)), requests.get, url)
""",
        assumes=(
            "self.pause is not changed by the call",
            "self.pause ≥ 0",
            "self.tries is not changed by the call",
            "self.tries ≥ 1",
        ),
    ),
    Pair(
        name="asynchronous, by execute_async",
        old="""
async def fetch(session, url):
    for attempt in range(3):
        try:
            return await session.get(url)
        except OSError:
            if attempt == 2:
                raise
            await asyncio.sleep(1)
""",
        new="""
async def fetch(session, url):
    return await execute_async(ONCE_A_SECOND, session.get, url)
""",
        assumes=("session.get is the same method at each attempt",),
    ),
    Pair(
        name="asynchronous, by a decorator",
        old="""
async def fetch(session, url):
    for attempt in range(3):
        try:
            async with session.get(url) as reply:
                return await reply.text()
        except OSError:
            if attempt == 2:
                raise
            await asyncio.sleep(1)
""",
        new="""
@retry(ONCE_A_SECOND)
async def fetch(session, url):
    async with session.get(url) as reply:
        return await reply.text()
""",
        assumes=("session.get() swallows no error when it is left",),
    ),
    Pair(
        name="asynchronous, by a local function and run_async",
        old="""
async def fetch(session, url):
    failures = 0
    while True:
        try:
            reply = await session.get(url)
            text = await reply.text()
            break
        except OSError as error:
            failures += 1
            if failures > 2:
                raise
            log.debug("again after %r", error)
            await asyncio.sleep(1)
    return text
""",
        new="""
async def fetch(session, url):
    async def attempt():
        reply = await session.get(url)
        return await reply.text()

    text = await Execution(
        ONCE_A_SECOND, on_retry=lambda event: log.debug("again after %r", event.error)
    ).run_async(attempt)
    return text
""",
    ),
    Pair(
        name="a predicate on the error",
        old="""
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError as error:
            if isinstance(error, FileNotFoundError) or attempt == 2:
                raise
            time.sleep(1)
""",
        new="""
def fetch(url):
    return execute(SIFTED, requests.get, url)
""",
    ),
    Pair(
        name="a list of delays",
        old="""
def fetch(url):
    for pause in (1, 2, 5, None):
        try:
            return requests.get(url)
        except OSError:
            if pause is None:
                raise
            time.sleep(pause)
""",
        new="""
def fetch(url):
    return execute(LISTED, requests.get, url)
""",
    ),
    Pair(
        name="a capped exponential delay",
        old="""
def fetch(url):
    pause = 1
    for attempt in range(5):
        try:
            return requests.get(url)
        except OSError:
            if attempt == 4:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 5)
""",
        new="""
def fetch(url):
    return execute(CAPPED, requests.get, url)
""",
    ),
    Pair(
        name="forever, at a delay of the object's own",
        old="""
class Worker:
    def wait(self):
        while True:
            try:
                self.broker.ping()
                break
            except Exception:
                time.sleep(self.pause)
        print("up")
""",
        new="""
class Worker:
    def wait(self):
        execute(FOREVER.replace(schedule=constant(self.pause)), lambda: self.broker.ping())
        print("up")
""",
        assumes=("self.pause is not changed by the call", "self.pause ≥ 0"),
        qualname="Worker.wait",
    ),
    Pair(
        name="forever, at a delay that grows to its cap",
        old="""
def fetch(url):
    delay = 1
    while True:
        try:
            return requests.get(url)
        except OSError:
            time.sleep(delay)
            delay = min(delay * 2, 60)
""",
        new="""
def fetch(url):
    return execute(ENDLESS, requests.get, url)
""",
    ),
    Pair(
        name="a condition that is the opposite of the predicate",
        old="""
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError as error:
            if error.errno != 11:
                raise
            if attempt == 2:
                raise
            time.sleep(1)
""",
        new="""
def fetch(url):
    return execute(BUSY, requests.get, url)
""",
    ),
)
