"""What a reviewer would send back: numbers folded half, names for nobody, comments on what is gone."""

from __future__ import annotations

import pytest
from mulligan_codemods.recognise.lowering.rename import renamed

from tests.codemods.emit.proving import proved, rewritten


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
