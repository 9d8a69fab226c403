"""What a reviewer would send back: numbers folded half, comments on what is gone, names that linters complain of."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from mulligan_codemods.cli import migrate
from mulligan_codemods.prove import Proved, prove
from mulligan_codemods.recognise.lowering.rename import renamed

from tests.codemods.rewriting import MODULE, Rewrite, rewrite

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "import time\n\nfrom gateway import Lost, get\n\n\n"


def rewritten(text: str, head: str = HEAD) -> Rewrite:
    found = rewrite(head + dedent(text).lstrip("\n"))
    assert found.refused == ()
    return found


def proved(text: str, head: str = HEAD) -> Rewrite:
    """Rewrite the function `fetch` of a module, and insist that it is the same."""
    before, found = head + dedent(text).lstrip("\n"), rewritten(text, head)
    proof = prove(before, found.text, qualname="fetch", policies={MODULE: found.policies}, module="app")
    assert isinstance(proof, Proved)
    assert all(each.documented for each in proof.assumptions)
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('log(f"{n}/{limit}")', 'log(f"3/{limit}")'),
        ('log(f"{n}/3 {{now}}")', 'log("3/3 {now}")'),
        ("log(rf'{n}\\d')", "log(r'3\\d')"),
        ("log(str(n), n)", 'log("3", 3)'),
        ('log(f"{str(n)} of {limit}")', 'log(f"3 of {limit}")'),
        ('log(f"{n:3d} {n!r}")', 'log(f"{3:3d} {3!r}")'),
        ('log(f"as it was", f"{n}")', 'log(f"as it was", "3")'),
        ("log(str(limit), int(n))", "log(str(limit), int(3))"),
    ],
)
def test_a_number_that_is_only_shown_becomes_part_of_the_text(before: str, after: str) -> None:
    assert renamed(before, {"n": "3"}.get) == after


def test_numbers_of_the_last_attempt_stand_in_the_text() -> None:
    found = proved("""
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError:
                    if attempt == 2:
                        raise RuntimeError(f"{attempt + 1} of 3: " + str(attempt))
                    time.sleep(1)
    """)
    assert 'raise RuntimeError("3 of 3: " + "2")' in found.text


def test_a_multiple_of_the_number_is_written_as_one() -> None:
    found = proved("""
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError:
                    if attempt == 2:
                        raise
                    log.warning("%d ms, %d s", attempt * 1000, 5 * (attempt + 1))
                    time.sleep(1)
    """)
    assert 'log.warning("%d ms, %d s", (event.attempt - 1) * 1000, 5 * event.attempt)' in found.text


def test_a_test_that_attempts_are_left_is_settled() -> None:
    found = rewritten("""
        def fetch(url, limit):
            for attempt in range(1, limit + 1):
                try:
                    return get(url)
                except OSError as error:
                    log.warning("attempt %d: %s", attempt, error)
                    if attempt < limit:
                        nap(5)
            return None
    """)
    assert "limit:" not in found.text.partition("def log_retry")[2]
    assert found.text.count("nap(5)") == 1


def test_an_error_that_was_saved_is_bound_where_anything_reads_it() -> None:
    saved = """
        def fetch(url):
            last = None
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    last = error
                    tell(error)
            raise RuntimeError(url) from last
    """
    found = rewritten(saved)
    assert "    except OSError as error:\n        tell(error)\n" in found.text
    judged = saved.replace("OSError", "errors()").replace("                    tell(error)\n", "")
    judged = judged.replace("            raise", "            else:\n                raise")
    expected = "    except errors() as error:\n        raise RuntimeError(url) from error\n"
    assert expected in rewritten(judged).text


def test_what_the_new_code_presets_for_nobody_goes() -> None:
    found = proved("""
        def fetch(url):
            left = 3
            message = ""
            while left:
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 2:
                        raise
                    left -= 1
                    message = str(error)
                    time.sleep(1)
            raise RuntimeError("no attempts left: " + message)
    """)
    assert "left = 3" not in found.text
    assert 'message = ""' not in found.text


def test_an_operation_is_not_wrapped_for_names_that_only_the_end_reads() -> None:
    found = rewritten("""
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    detail = error.detail
                    code = detail["code"]
                    if code != 7:
                        raise LookupError(detail)
                    if attempt == 2:
                        raise LookupError(detail)
                    time.sleep(1)
    """)
    assert "execute(Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url)" in " ".join(
        found.text.split()
    ).replace("( ", "(").replace(" )", ")")


def test_a_guard_before_the_end_leaves_raising_to_it() -> None:
    found = proved("""
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 2:
                        log.error("missing")
                        raise
                    if attempt == 2:
                        raise
                    time.sleep(1)
    """)
    assert '            if error.errno == 2:\n                log.error("missing")\n            raise\n' in found.text


def test_an_error_that_nothing_reads_is_not_bound() -> None:
    found = proved("""
        def fetch(url):
            result = None
            for _ in range(3):
                try:
                    result = get(url)
                    break
                except OSError as error:
                    log.warning("again")
                    result = error
            return result
    """)
    assert "        except OSError:\n            log.warning" in found.text


COMMENTED = """
    def fetch(url):
        for tries_made in range(4):  # 0, 1, 2, 3
            try:
                return get(url)
            except OSError as error:
                # only while tries_made is below three
                if tries_made < 3:
                    log.warning("again: %s", error)
                    time.sleep(1)
                else:
                    # the last attempt: raise
                    raise
"""


def test_comments_on_what_is_gone_go_too_and_are_named() -> None:
    found = proved(COMMENTED)
    assert "#" not in found.text
    assert found.emitted[0].dropped == (
        "# 0, 1, 2, 3",
        "# only while tries_made is below three",
        "# the last attempt: raise",
    )


def test_a_comment_in_a_branch_stays_in_it() -> None:
    found = rewritten("""
        def fetch(url):
            for attempt in range(3):
                try:
                    get(url)
                    break
                except OSError:
                    if gone(url):
                        # nothing to fetch
                        break
                    if attempt == 2:
                        raise
                    time.sleep(1)
                    # behind everything
            return url
    """)
    assert "            if gone(url):\n                # nothing to fetch\n                return\n" in found.text
    assert "    # behind everything\n    def fetch_once():\n" in found.text


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
    above = rewrite(HEAD + own + "LIMIT = 3\nWAIT = 0.5\n\n\n" + text).text
    assert "@retry(Policy(retry_on=Gone, schedule=exponential(WAIT), max_attempts=LIMIT))\n" in above
    below = rewrite(HEAD + own + text + "\n\nLIMIT = 3\nWAIT = 0.5\n").text
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


LOOPED = """
    def fetch(urls):
        for url in urls:
            for attempt in range(3):
                try:
                    page = get(url)
                    page.check(url)
                    break
                except OSError as error:
                    if attempt == 2:
                        raise
                    log.warning("%s: %s", url, error)
                    time.sleep(1)
"""


def test_functions_in_a_loop_take_its_variables_as_parameters() -> None:
    text = proved(LOOPED).text
    assert "def fetch_once(url):" in text
    assert "lambda event, url=url: log.warning" in text
    assert ".run(fetch_once, url)" in " ".join(text.split()).replace("( ", "(").replace(" )", ")")


def test_a_lambda_in_a_loop_takes_its_variables_as_parameters() -> None:
    text = proved("""
        def fetch(urls):
            for url in urls:
                for attempt in range(3):
                    try:
                        get([url])
                        break
                    except OSError:
                        if attempt == 2:
                            raise
                        time.sleep(1)
    """).text
    assert "lambda url: get([url])" in text


def test_an_expression_over_several_lines_in_a_loop_takes_its_variables_too() -> None:
    found = rewritten("""
        def fetch(urls):
            for url in urls:
                for attempt in range(3):
                    try:
                        page = (get
                                .at([url]))
                        break
                    except OSError:
                        if attempt == 2:
                            raise
                        time.sleep(1)
                print(page)
    """)
    assert "lambda url: get" in found.text
    assert "url,\n" in found.text or ", url)" in found.text


def test_annotated_functions_in_a_loop_keep_their_signatures() -> None:
    """A parameter would need a type that nobody knows."""
    text = proved(LOOPED.replace("(urls):", "(urls: list[str]) -> None:")).text
    assert "def fetch_once() -> None:" in text


def test_the_report_names_such_constants(tmp_path: Path) -> None:
    text = HEAD + "LIMIT = 3\n\n\n" + dedent(LOOPED).replace("range(3)", "range(LIMIT)").replace("== 2", "== LIMIT - 1")
    (tmp_path / "client.py").write_text(text)
    told = CliRunner().invoke(migrate, ["--no-cache", str(tmp_path)], catch_exceptions=False)
    assert "leaves   LIMIT, which nothing in the module reads any more" in told.output


BOUND = """
    def fetch(url):
        for attempt in range(3):
            try:
                check(url)
                page = {value}
                break
            except OSError:
                if attempt == 2:
                    raise
                time.sleep(1)
        return page.text
"""


@pytest.mark.parametrize(
    ("value", "returned"),
    [
        ("get(url)", "        check(url)\n        return get(url)\n\n"),
        ("get(url)  # slow", "        check(url)\n        return get(url)  # slow\n\n"),
        (f"get(\n{20 * ' '}url,\n{16 * ' '})", "        return get(\n            url,\n        )\n\n"),
        (f"get(url,\n{27 * ' '}3)", "        page = get(url,\n                   3)\n        return page\n\n"),
    ],
)
def test_a_value_is_returned_at_once(value: str, returned: str) -> None:
    assert returned in proved(BOUND.format(value=value)).text
