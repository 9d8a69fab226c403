"""What is a retry and what is none, and why a retry is refused."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from tests.codemods.recognise.kind_cases import NO_RETRIES, REFUSED
from tests.codemods.rewriting import rewrite, sites_of


def function(body: str, head: str = "def fetch(url, hosts, queue):") -> str:
    return f"import time\n\n\n{head}\n{indent(dedent(body).strip(), '    ')}\n"


@pytest.mark.parametrize("name", NO_RETRIES)
def test_a_loop_that_is_no_retry_is_named(name: str) -> None:
    code, body = NO_RETRIES[name]
    (site,) = sites_of(function(body))
    assert (site.is_retry, site.reason and site.reason.code) == (False, code)


@pytest.mark.parametrize("name", REFUSED)
def test_a_retry_that_would_change_is_refused(name: str) -> None:
    code, body = REFUSED[name]
    (site,) = sites_of(function(body))
    assert (site.is_retry, site.lowered, site.reason and site.reason.code) == (True, None, code)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_loop_is_not_touched(name: str) -> None:
    text = function(REFUSED[name][1])
    assert rewrite(text).text == text


def test_a_blocking_sleep_in_asynchronous_code_is_refused() -> None:
    body = """
    for attempt in range(3):
        try:
            return await get(url)
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
    """
    (site,) = sites_of(function(body, "async def fetch(url):"))
    assert site.reason is not None
    assert site.reason.code == "ML230"
    assert "ML107" in {hazard.code for hazard in site.hazards}


def test_a_loop_of_a_class_is_refused() -> None:
    """Its results are attributes of the class."""
    text = """
    import time

    class Site:
        for _ in range(3):
            try:
                PAGE = get()
                break
            except OSError:
                time.sleep(1)
    """
    (site,) = sites_of(text)
    assert site.reason is not None
    assert site.reason.code == "ML226"


def test_a_loop_of_the_module_binds_its_globals() -> None:
    """What the attempt binds stays a global; what only counted is gone."""
    text = dedent("""
    import time

    for attempt in range(3):
        try:
            PAGE = get("index")
            break
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
    """).lstrip()
    assert (
        rewrite(text).text
        == dedent("""
    from mulligan import execute

    from app.retry_policies import GET

    PAGE = execute(GET, get, "index")
    """).lstrip()
    )


def test_hazards_are_found() -> None:
    body = """
    while True:
        try:
            return api.post(url)
        except Exception:
            time.sleep(300)
    """
    (site,) = sites_of(function(body))
    assert [hazard.code for hazard in site.hazards] == ["ML101", "ML102", "ML104", "ML108", "ML113"]


def test_the_behaviour_is_said_in_the_codes_own_words() -> None:
    body = """
    for attempt in range(4):
        try:
            return get(url)
        except (OSError, ValueError):
            if attempt == 3:
                raise
            time.sleep(min(10, 0.5 * 2 ** attempt))
    """
    (site,) = sites_of(function(body))
    assert site.behaviour is not None
    assert (site.behaviour.attempts, site.behaviour.exceptions) == ("4", "OSError, ValueError")
    assert site.behaviour.delays == "0.5 s, then 2 times as long each time, at most 10 s"
