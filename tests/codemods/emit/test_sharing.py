"""Calls of a file that spell the same policy share a constant of it."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.emit.sharing import with_shared_policies
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages

from tests.codemods.rewriting import rewrite, sites_of

if TYPE_CHECKING:
    from pathlib import Path

LOST = "class Lost(Exception):\n    pass\n\n\n"
HEAD = f"import time\n\nfrom gateway import get, post\n\n\n{LOST}"


def fetch(name: str, call: str = "get(url)", *, attempts: int = 3, error: str = "Lost") -> str:
    return dedent(f"""
    def {name}(url):
        prepare(url)
        for attempt in range({attempts}):
            try:
                return {call}
            except {error}:
                if attempt == {attempts - 1}:
                    raise
                time.sleep(1)

    """)


def shared(*functions: str, head: str = HEAD, width: int = 100) -> str:
    before = head + "\n".join(functions)
    return with_shared_policies(rewrite(before).text, sites_of(before), width)


def test_equal_policies_become_one_constant_behind_what_they_read() -> None:
    text = shared(fetch("fetch_one"), fetch("fetch_all", "[get(url)]"))
    assert text.count("Policy(") == 1
    assert "    pass\n\n\nFETCH = Policy(retry_on=Lost, schedule=constant(1), max_attempts=3)\n\n\n" in text
    assert "return execute(FETCH, get, url)\n" in text
    assert "return execute(FETCH, lambda: [get(url)])\n" in text


@pytest.mark.parametrize("arguments", ['url, "longer", 3', 'url, "a longer text", third=3'])
def test_a_call_that_fits_then_stands_on_one_line(arguments: str) -> None:
    text = shared(fetch("send_one", f"post({arguments})"), fetch("send_all", f"post({arguments})"))
    assert text.count(f"    return execute(SEND, post, {arguments})\n") == 2


def test_a_call_with_an_argument_over_several_lines_stays_as_it_is() -> None:
    text = shared(fetch("send_one", f"post([\n{20 * chr(32)}url,\n{16 * chr(32)}])"), fetch("send_all"))
    assert "    return execute(\n        SEND,\n        lambda: post([" in text


def test_a_long_policy_is_broken() -> None:
    text = shared(fetch("fetch_one"), fetch("fetch_all"), width=60)
    assert "FETCH = Policy(\n    retry_on=Lost,\n    schedule=constant(1),\n    max_attempts=3,\n)\n" in text or (
        "FETCH = Policy(\n    retry_on=Lost, schedule=constant(1), max_attempts=3\n)\n" in text
    )


@pytest.mark.parametrize(
    ("functions", "head"),
    [
        ((fetch("fetch_one"), fetch("fetch_all", attempts=4)), HEAD),
        ((fetch("fetch_one"), fetch("fetch_all", error="OSError")), HEAD),
        ((fetch("fetch_one", error="url.Lost"), fetch("fetch_all", error="url.Lost")), HEAD),
        ((fetch("fetch_one"), LOST, fetch("fetch_all")), "import time\n\n"),
        ((fetch("fetch_one"), fetch("fetch_all")), HEAD.replace("class Lost", "if time:\n  class Lost")),
    ],
    ids=["other numbers", "other errors", "errors of the call", "a class that comes later", "a class by a condition"],
)
def test_what_differs_or_is_not_known_where_the_constant_would_stand_is_left(
    functions: tuple[str, ...], head: str
) -> None:
    before = head + "\n".join(functions)
    assert shared(*functions, head=head) == rewrite(before).text


def test_a_run_shares_them_and_a_second_run_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    file.write_text(HEAD + fetch("fetch_one") + fetch("fetch_all"))
    (change,) = run([str(file)], real_stages(), Options(prove=True)).changes
    text = change.after.decode()
    assert text.count("execute(FETCH, get, url)") == 2
    file.write_text(text)
    assert run([str(file)], real_stages(), Options(prove=True)).changes == ()
