"""Rewrites that look right and are not: none of them is proved without saying what it rests on."""

from __future__ import annotations

import pytest
from mulligan_codemods.prove import Differs, Proved, Undecided, prove

from tests.codemods.prove.programs import POLICIES, answer

LOOP = """
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url, timeout=3)
        except requests.RequestException:
            if attempt == 2:
                raise
            time.sleep(2 ** attempt)
"""


def test_an_attribute_of_a_module_passed_as_a_value_may_change_between_the_attempts() -> None:
    proof = answer(
        LOOP.replace("timeout=3", "timeout=requests.limit"),
        "def fetch(url):\n    return execute(FETCH, requests.get, url, timeout=requests.limit)\n",
    )

    assert not isinstance(proof, Proved)


def test_an_argument_made_once_is_not_one_made_for_each_attempt() -> None:
    proof = answer(
        LOOP.replace("timeout=3", "headers={}"),
        "def fetch(url):\n    return execute(FETCH, requests.get, url, headers={})\n",
    )

    assert not isinstance(proof, Proved)


def test_a_client_replaced_between_attempts_is_looked_up_anew() -> None:
    old = """
def fetch(self, url):
    for attempt in range(3):
        try:
            return self.client.get(url)
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
"""
    proof = answer(old, "def fetch(self, url):\n    return execute(ONCE_A_SECOND, self.client.get, url)\n")

    assert not isinstance(proof, Proved)


def test_a_sleep_dropped_between_attempts_is_not_the_one_after_the_last_failure() -> None:
    old = """
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError:
            time.sleep(1)
    raise ValueError(url)
"""
    new = """
def fetch(url):
    try:
        return execute(AT_ONCE, requests.get, url)
    except OSError:
        raise ValueError(url)
"""

    assert not isinstance(answer(old, new), Proved)


def test_a_parameter_that_hides_the_module_time_does_not_sleep() -> None:
    proof = answer(
        LOOP.replace("(url)", "(url, time)"),
        "def fetch(url, time):\n    return execute(FETCH, requests.get, url, timeout=3)\n",
    )

    assert not isinstance(proof, Proved)


def test_an_import_that_takes_a_name_in_use_is_refused() -> None:
    old = LOOP + "\ndef execute(policy):\n    return policy\n"
    new = "def fetch(url):\n    return execute(FETCH, requests.get, url, timeout=3)\n\ndef execute(policy):\n    return policy\n"  # noqa: E501

    assert not isinstance(answer(old, new), Proved)


def test_a_star_import_makes_every_name_uncertain() -> None:
    proof = answer(
        "from helpers import *\n" + LOOP,
        "from helpers import *\ndef fetch(url):\n    return execute(FETCH, requests.get, url, timeout=3)\n",
    )

    assert not isinstance(proof, Proved)


def test_a_decorator_above_others_is_not_the_same() -> None:
    old = "@traced\n" + LOOP.strip() + "\n"
    new = "@retry(FETCH)\n@traced\ndef fetch(url):\n    return requests.get(url, timeout=3)\n"

    assert not isinstance(answer("from tracing import traced\n" + old, "from tracing import traced\n" + new), Proved)


def test_the_innermost_decorator_is() -> None:
    old = "@traced\n" + LOOP.strip() + "\n"
    new = "@traced\n@retry(FETCH)\ndef fetch(url):\n    return requests.get(url, timeout=3)\n"

    assert isinstance(answer("from tracing import traced\n" + old, "from tracing import traced\n" + new), Proved)


def test_await_in_a_plain_function_is_refused() -> None:
    old = """
async def fetch(session):
    for attempt in range(3):
        try:
            return await session.get()
        except OSError:
            if attempt == 2:
                raise
            await asyncio.sleep(1)
"""
    new = "async def fetch(session):\n    return await execute_async(ONCE_A_SECOND, lambda: await session.get())\n"

    assert not isinstance(answer(old, new), Proved)


def test_an_execution_that_nobody_awaits_is_no_execution() -> None:
    old = """
async def fetch(session):
    for attempt in range(3):
        try:
            await session.get()
            break
        except OSError:
            if attempt == 2:
                raise
            await asyncio.sleep(1)
"""
    new = "async def fetch(session):\n    execute_async(ONCE_A_SECOND, session.get)\n"

    assert not isinstance(answer(old, new), Proved)


def test_a_policy_that_reads_a_setting_at_import_is_not_one_that_reads_it_at_each_call() -> None:
    policies = (
        POLICIES + "\nSET = define(Policy(retry_on=(OSError,), schedule=constant(1), max_attempts=requests.tries))\n"
    )
    old = """
def fetch(url):
    for attempt in range(requests.tries):
        try:
            return requests.get(url)
        except OSError:
            if attempt == requests.tries - 1:
                raise
            time.sleep(1)
"""
    new = "from shop.retry_policies import SET\ndef fetch(url):\n    return execute(SET, requests.get, url)\n"

    assert not isinstance(answer(old, new, policies=policies), Proved)


def test_a_range_that_may_be_empty_is_an_assumption() -> None:
    old = """
def fetch(url, tries):
    for attempt in range(tries):
        try:
            return requests.get(url)
        except OSError:
            if attempt == tries - 1:
                raise
            time.sleep(1)
"""
    proof = answer(
        old,
        "def fetch(url, tries):\n    return execute(ONCE_A_SECOND.replace(max_attempts=tries), requests.get, url)\n",
    )

    assert isinstance(proof, Proved)
    assert [assumption.text for assumption in proof.assumptions] == ["tries ≥ 1"]


def test_an_attribute_that_the_loop_itself_changes_is_never_assumed_unchanged() -> None:
    old = """
def fetch(self, url):
    while self.left > 0:
        try:
            return requests.get(url)
        except OSError:
            self.left -= 1
            if self.left <= 0:
                raise
            time.sleep(1)
"""
    proof = answer(
        old,
        "def fetch(self, url):\n    return execute(ONCE_A_SECOND.replace(max_attempts=self.left), requests.get, url)\n",
    )

    assert not isinstance(proof, Proved)


@pytest.mark.parametrize("kind", ["BaseException", "KeyboardInterrupt"])
def test_control_flow_is_retried_only_where_it_is_named(kind: str) -> None:
    policies = POLICIES + f"\nWIDE = define(Policy(retry_on=({kind},), schedule=constant(1), max_attempts=3))\n"
    old = LOOP.replace("requests.RequestException", kind).replace("2 ** attempt", "1")
    new = "from shop.retry_policies import WIDE\ndef fetch(url):\n    return execute(WIDE, requests.get, url, timeout=3)\n"  # noqa: E501

    assert isinstance(answer(old, new, policies=policies), Proved) is (kind == "KeyboardInterrupt")


def test_zero_argument_super_does_not_move_into_a_function() -> None:
    old = """
class Client(Base):
    def fetch(self):
        for attempt in range(3):
            try:
                return super().fetch()
            except OSError:
                if attempt == 2:
                    raise
                time.sleep(1)
"""
    new = "class Client(Base):\n    def fetch(self):\n        return execute(ONCE_A_SECOND, lambda: super().fetch())\n"

    assert not isinstance(answer(old, new, "Client.fetch"), Proved)


def test_a_function_handed_out_that_keeps_a_variable_of_the_loop_is_refused() -> None:
    old = """
def fetch(pool, url):
    for attempt in range(3):
        try:
            connection = pool.take(url)
            return pool.run(lambda: connection.get())
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
"""
    new = """
def fetch(pool, url):
    def attempt():
        connection = pool.take(url)
        return pool.run(lambda: connection.get())

    return execute(ONCE_A_SECOND, attempt)
"""

    assert not isinstance(answer(old, new), Proved)


def test_a_change_in_another_function_is_not_passed_over() -> None:
    other = "\ndef other(url):\n    return {}\n"
    new = "def fetch(url):\n    return execute(FETCH, requests.get, url, timeout=3)\n"

    assert not isinstance(answer(LOOP + other.format(1), new + other.format(2)), Proved)
    assert not isinstance(answer(LOOP + other.format(1), LOOP + other.format(2)), Proved)
    assert isinstance(answer(LOOP + other.format(1), new + other.format(1)), Proved)


@pytest.mark.parametrize("last", [59, 61, 64])
def test_a_delay_that_grows_forever_has_to_stop_growing_at_the_same_cap(last: int) -> None:
    old = f"""
def fetch(url):
    delay = 1
    while True:
        try:
            return requests.get(url)
        except OSError:
            time.sleep(delay)
            delay = min(delay * 2, {last})
"""
    proof = answer(old, "def fetch(url):\n    return execute(ENDLESS, requests.get, url)\n")

    assert isinstance(proof, Differs)


def test_a_delay_that_falls_once_it_has_reached_the_cap_is_not_taken_for_settled() -> None:
    old = """
def fetch(url):
    delay = 1
    while True:
        try:
            return requests.get(url)
        except OSError:
            time.sleep(delay)
            delay = 60 if delay == 32 else 1 if delay == 60 else delay * 2
"""
    proof = answer(old, "def fetch(url):\n    return execute(ENDLESS, requests.get, url)\n")

    assert isinstance(proof, Differs)


@pytest.mark.parametrize("gives_up", ["error.errno == 11", "error.errno != 12", "error.filename != 11"])
def test_a_condition_is_the_opposite_of_its_own_predicate_only(gives_up: str) -> None:
    old = f"""
def fetch(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError as error:
            if {gives_up} or attempt == 2:
                raise
            time.sleep(1)
"""
    proof = answer(old, "def fetch(url):\n    return execute(BUSY, requests.get, url)\n")

    assert isinstance(proof, Differs)


def test_the_bounds_are_counted_so_that_the_same_text_gets_the_same_answer() -> None:
    new = "def fetch(url):\n    return execute(FETCH, requests.get, url, timeout=3)\n"
    policies = {"shop.retry_policies": POLICIES}
    heads = (
        "import requests, time\n",
        "import requests\nfrom mulligan import execute\nfrom shop.retry_policies import FETCH\n",
    )

    proofs = [
        prove(heads[0] + LOOP, heads[1] + new, qualname="fetch", policies=policies, max_steps=steps)
        for steps in (100, 100, 100_000)
    ]

    first, second, whole = proofs
    assert isinstance(first, Undecided)
    assert isinstance(second, Undecided)
    assert (first.message, first.worlds) == ("not all worlds were seen within 100 steps", second.worlds)
    assert isinstance(whole, Proved)


def test_what_python_warns_of_in_the_text_is_not_said() -> None:
    """Warnings are errors in the tests."""
    old = LOOP.replace("requests.get(url, timeout=3)", r"requests.get(url, '\&', timeout=3)")
    proof = answer(old, "def fetch(url):\n    return execute(FETCH, requests.get, url, '\\&', timeout=3)\n")

    assert isinstance(proof, Proved)


@pytest.mark.parametrize(("shown", "same"), [("tries", True), ("3", False), ("attempt + 1", False)])
def test_a_number_that_was_drawn_is_formatted_as_that_number(shown: str, *, same: bool) -> None:
    old = """
def fetch(url, tries):
    for attempt in range(tries):
        try:
            return requests.get(url, "of %d, %s" % (tries, url))
        except OSError:
            if attempt == tries - 1:
                raise
            time.sleep(1)
"""
    new = f"""
def fetch(url, tries):
    for attempt in attempts(ONCE_A_SECOND.replace(max_attempts=tries)):
        with attempt:
            return requests.get(url, "of %d, %s" % ({shown.replace("attempt", "attempt.number")}, url))
"""

    assert isinstance(answer(old, new), Proved) is same


@pytest.mark.parametrize(
    ("shown", "same"),
    [("client is None", True), ("client is not None", False), ("True", False), ("False", False)],
)
def test_what_a_handler_reads_tells_apart_how_the_attempt_failed(shown: str, *, same: bool) -> None:
    old = """
def fetch(url):
    for attempt in range(3):
        client = None
        try:
            client = requests.Session()
            return client.get(url)
        except OSError:
            print(client is None)
            if attempt == 2:
                raise
            time.sleep(1)
"""
    new = f"""
def fetch(url):
    def once():
        client = None
        try:
            client = requests.Session()
            return client.get(url)
        except OSError:
            print({shown})
            raise

    return execute(ONCE_A_SECOND, once)
"""

    assert isinstance(answer(old, new), Proved) is same


@pytest.mark.parametrize(("given", "same"), [("session", True), ("last", False), ("None", False)])
def test_what_a_with_leaves_behind_is_told_apart(given: str, *, same: bool) -> None:
    old = """
def fetch(url):
    session = None
    for attempt in range(3):
        last = session
        try:
            with requests.Session() as session:
                return session.get(url)
        except OSError:
            print(session)
            if attempt == 2:
                raise
            time.sleep(1)
"""
    new = f"""
def fetch(url):
    session = last = None

    def once():
        nonlocal session, last
        last = session
        try:
            with requests.Session() as session:
                return session.get(url)
        except OSError:
            print({given})
            raise

    return execute(ONCE_A_SECOND, once)
"""

    assert isinstance(answer(old, new), Proved) is same


def test_a_side_that_loops_without_doing_anything_is_another_than_one_that_does_something() -> None:
    old = """
def fetch(url):
    while True:
        try:
            return requests.get(url)
        except OSError:
            time.sleep(1)
"""
    proof = answer(old, "def fetch(url):\n    while url is not None:\n        pass\n")

    assert isinstance(proof, Differs)
    assert proof.new[-1].text == "loops without doing anything"


def test_a_name_in_use_is_known_in_every_spelling_that_python_takes_for_it() -> None:
    user = "\ndef run(plan):\n    return \N{FULLWIDTH LATIN SMALL LETTER E}xecute(plan)\n"
    new = "def fetch(url):\n    return execute(FETCH, requests.get, url, timeout=3)\n"

    assert not isinstance(answer(LOOP + user, new + user), Proved)
