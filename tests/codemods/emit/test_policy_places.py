"""Where a policy stands, and what it calls its numbers: in the central module, in the call, by names of constants."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from click.testing import CliRunner
from mulligan_codemods.cli import migrate

from tests.codemods.emit.proving import HEAD, proved, rewritten

if TYPE_CHECKING:
    from pathlib import Path


def test_a_policy_that_a_function_of_the_site_completes_stands_there() -> None:
    found = proved("""
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 2 or attempt == 2:
                        raise
                    time.sleep(1)
    """)
    assert "define(" not in found.policies
    assert "Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3)" in found.text


def test_a_callback_that_pauses_says_so_beside_its_policy() -> None:
    found = proved("""
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError:
                    if attempt == 2:
                        raise
                    time.sleep(5)
                    log.warning("again")
    """)
    assert "define(" not in found.policies
    assert "schedule=no_delay()" in found.text
    assert "    def wait(event):\n        # The pause is made here; the policy has none.\n" in found.text


LIMITED = """
    def fetch(url):
        for attempt in range(LIMIT):
            try:
                return get(url)
            except OSError as error:
                if error.errno == 2 or attempt == LIMIT - 1:
                    raise
                time.sleep(WAIT * 2**attempt)
"""


def test_a_policy_in_the_call_calls_constants_by_their_names() -> None:
    found = proved(LIMITED, HEAD + "LIMIT = 3\nWAIT = 0.5\n\n\n")
    assert "Policy(retry_on=is_transient, schedule=exponential(WAIT), max_attempts=LIMIT)" in found.text


def test_a_decorator_calls_constants_by_their_names_where_it_sees_them() -> None:
    own = "class Gone(Exception):\n    pass\n\n\n"
    text = dedent(LIMITED).replace("OSError as error", "Gone").replace("error.errno == 2 or ", "")
    above = rewritten(text, HEAD + own + "LIMIT = 3\nWAIT = 0.5\n\n\n").text
    assert "@retry(Policy(retry_on=Gone, schedule=exponential(WAIT), max_attempts=LIMIT))\n" in above
    below = rewritten(text + "\n\nLIMIT = 3\nWAIT = 0.5\n", HEAD + own).text
    assert "@retry(Policy(retry_on=Gone, schedule=exponential(0.5), max_attempts=3))\n" in below


def test_a_constant_of_the_module_that_nothing_reads_any_more_is_named() -> None:
    limits = "LIMIT = 3\nWAIT = 0.5\n\n\n"
    central = dedent(LIMITED).replace(" as error", "").replace("error.errno == 2 or ", "")
    assert rewritten(central, HEAD + limits).emitted[0].unread == ("LIMIT", "WAIT")
    assert rewritten(central, HEAD + limits + "print(WAIT)\n").emitted[0].unread == ("LIMIT",)
    assert rewritten(LIMITED, HEAD + limits).emitted[0].unread == ()


def test_a_constant_of_the_function_stays_where_something_else_reads_it() -> None:
    found = proved("""
        def fetch(url):
            most = 3
            for attempt in range(most):
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 2:
                        raise
                    log.warning("%d of %d", attempt + 1, most)
                    time.sleep(1)
            raise RuntimeError(url)
    """)
    assert "max_attempts=most" in found.text
    assert 'log.warning("%d of %d", most, most)' in found.text


def test_the_report_names_such_constants(tmp_path: Path) -> None:
    text = dedent(LIMITED).replace(" as error", "").replace("error.errno == 2 or ", "")
    (tmp_path / "client.py").write_text(HEAD + "LIMIT = 3\nWAIT = 0.5\n\n\n" + text)
    told = CliRunner().invoke(migrate, ["--no-cache", str(tmp_path)], catch_exceptions=False)
    assert "leaves   LIMIT, which nothing in the module reads any more · WAIT, " in told.output
