"""Sleeps of the code's own, lines that stand beside a sleep, and what lengthens no proof."""

from __future__ import annotations

import pytest
from mulligan_codemods.prove import Differs, Proof, Proved

from tests.codemods.prove.programs import POLICIES, answer

LATE = """
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError as error:
            if attempt == 2:
                raise
            time.sleep(1)
            log.warning("%s: %s", url, error)
"""
EARLY = """
def fetch(url):
    return Execution(
        ONCE_A_SECOND, on_retry=lambda event: log.warning("%s: %s", url, event.error)
    ).run(requests.get, url)
"""
SLEEPING = """
def fetch(url):
    def wait(event):
        time.sleep(1)
        log.warning("%s: %s", url, event.error)

    return Execution(AT_ONCE, on_retry=wait).run(requests.get, url)
"""
OWN = """
def fetch(self, url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError:
            if attempt == 2:
                raise
            self.NAME(1)
"""
KEPT = """
def fetch(self, url):
    return Execution(AT_ONCE, on_retry=lambda event: self.NAME(1)).run(requests.get, url)
"""
LAST = """
def fetch(self, url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError as error:
            self.NAME(1)
            last = error
    raise last
"""
LAST_KEPT = """
def fetch(self, url):
    try:
        return Execution(AT_ONCE, on_retry=lambda event: self.NAME(1)).run(requests.get, url)
    except OSError:
        self.NAME(1)
        raise
"""


def assumed(proof: Proof) -> set[str]:
    return {assumption.code for assumption in proof.assumptions} if isinstance(proof, Proved) else set()


def test_a_log_line_that_followed_the_sleep_does_not_come_before_it() -> None:
    assert isinstance(answer(LATE, EARLY), Differs)


def test_a_log_line_stays_behind_the_sleep_where_the_callback_sleeps() -> None:
    assert assumed(answer(LATE, SLEEPING)) == set()


def test_a_sleep_of_the_code_s_own_is_taken_to_wait_only() -> None:
    proof = answer(LAST.replace("NAME", "_sleep"), LAST_KEPT.replace("NAME", "_sleep"))

    assert assumed(proof) == {"pausing"}


def test_it_need_not_be_assumed_where_it_does_not_matter() -> None:
    assert assumed(answer(OWN.replace("NAME", "sleep"), KEPT.replace("NAME", "sleep"))) == set()


@pytest.mark.parametrize("name", ["sleep_or_raise", "pause", "backoff"])
def test_what_is_called_otherwise_may_do_anything(name: str) -> None:
    assert isinstance(answer(LAST.replace("NAME", name), LAST_KEPT.replace("NAME", name)), Differs)


def test_a_sleep_of_the_code_s_own_is_not_dropped() -> None:
    new = LAST_KEPT.replace("        self.NAME(1)\n", "").replace("NAME", "sleep")

    assert isinstance(answer(LAST.replace("NAME", "sleep"), new), Differs)


def test_a_sleep_of_the_code_s_own_may_be_awaited() -> None:
    old = LAST.replace("NAME", "_sleep").replace("def", "async def").replace("self._", "await self._")
    old = old.replace("requests", "await requests")
    new = """
async def fetch(self, url):
    async def before_retry(event):
        await self._sleep(1)

    try:
        return await Execution(AT_ONCE, on_retry=before_retry).run_async(requests.get, url)
    except OSError:
        await self._sleep(1)
        raise
"""

    assert assumed(answer(old, new)) == {"pausing", "yielding"}


def test_an_asynchronous_retry_without_a_delay_is_equal_only_if_other_tasks_may_run_first() -> None:
    old = """
async def fetch(url):
    for attempt in range(3):
        try:
            return await requests.get(url)
        except OSError:
            if attempt == 2:
                raise
"""
    proof = answer(old, "async def fetch(url):\n    return await execute_async(AT_ONCE, requests.get, url)\n")

    assert isinstance(proof, Proved)
    assert [each.documented for each in proof.assumptions] == [False]


def test_a_handler_that_catches_cancelling_would_see_it_there() -> None:
    old = """
async def fetch(url):
    for attempt in range(3):
        try:
            return await requests.get(url)
        except BaseException:
            if attempt == 2:
                raise
"""
    new = """
async def fetch(url):
    return await execute_async(AT_ONCE.replace(retry_on=BaseException), requests.get, url)
"""

    assert isinstance(answer(old, new), Differs)


def test_what_an_error_lacks_is_no_error_that_is_retried() -> None:
    old = """
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except requests.RequestException as error:
            log.info("%s", error.reason)
            if attempt == 2:
                raise
            time.sleep(2 ** attempt)
"""
    new = """
def fetch(url):
    def get():
        try:
            return requests.get(url)
        except requests.RequestException as error:
            log.info("%s", error.reason)
            raise

    return execute(FETCH, get)
"""

    assert assumed(answer(old, new)) == {"logging"}


def test_policies_of_other_sites_do_not_make_a_proof_longer() -> None:
    other = "OTHER = define(Policy(retry_on=OSError, schedule=exponential(1, cap=60).jittered(full_jitter())))\n"
    alone = """
from mulligan import Policy, no_delay
from mulligan.config import define

AT_ONCE = define(Policy(retry_on=(OSError,), schedule=no_delay(), max_attempts=3))
"""
    few, many = answer(LATE, SLEEPING, policies=alone), answer(LATE, SLEEPING, policies=POLICIES + other)

    assert isinstance(few, Proved)
    assert isinstance(many, Proved)
    assert few.worlds == many.worlds
