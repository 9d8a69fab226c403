"""The local functions of a rewrite: parameters in loops, values returned at once, lines aligned with brackets."""

from __future__ import annotations

import pytest

from tests.codemods.emit.proving import proved, rewritten

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


def test_a_call_returns_what_the_statement_behind_the_loop_returns() -> None:
    text = BOUND.format(value="get(url)").replace("                check(url)\n", "").replace("page.text", "page")
    preset = text.replace("(url):\n", "(url):\n        page = None\n        prepare()\n")
    for each in (text, preset):
        found = proved(each).text
        assert "    return execute(FETCH, get, url)\n" in found
        assert "page" not in found
    kept = text.replace("        return", "        # what for?\n        return")
    assert "    page = execute(FETCH, get, url)\n    # what for?\n    return page\n" in proved(kept).text
    shared = text.replace("        return", "        tell(lambda: page)\n        return")
    assert "    page = execute(FETCH, get, url)\n" in proved(shared).text


ALIGNED = """
    def fetch(url):
        prepare()
        for attempt in range(3):
            try:
                page = get(url, [1],
                           third=3)
                break
            except OSError:
                {told}
                if attempt == 2:
                    raise
                time.sleep(1)
        return page.text
"""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("pass", "        lambda: get(url, [1],\n                    third=3),\n"),
        ('log("again")', "            return get(url, [1],\n                       third=3)\n"),
    ],
)
def test_lines_that_are_aligned_with_a_bracket_stay_so(told: str, expected: str) -> None:
    assert expected in rewritten(ALIGNED.format(told=told)).text
