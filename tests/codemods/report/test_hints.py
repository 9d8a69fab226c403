"""Policies that differ in one field alone are a hint, those that differ in more are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner
from mulligan_codemods.cli import scan

if TYPE_CHECKING:
    from pathlib import Path

LOOP = """
def {name}(url):
    for attempt in range({attempts}):
        try:
            return get(url)
        except {error}:
            if attempt == {attempts} - 1:
                raise
            time.sleep({delay})
"""


def told(folder: Path, *loops: str) -> str:
    (folder / "shop.py").write_text("import time\n\n" + "\n".join(loops))
    return CliRunner().invoke(scan, ["--no-cache", str(folder)], catch_exceptions=False).stdout


def loop(name: str, *, attempts: int = 3, error: str = "OSError", delay: str = "1") -> str:
    return LOOP.format(name=name, attempts=attempts, error=error, delay=delay)


def test_policies_that_differ_in_one_field_are_told(tmp_path: Path) -> None:
    text = told(tmp_path, loop("fetch"), loop("send", attempts=5))
    assert "Nearly equal policies differ only in max_attempts: " in text
    assert "shop.py:5 (3), " in text
    assert "differ only in schedule" not in text


def test_equal_policies_and_those_that_differ_in_more_are_not(tmp_path: Path) -> None:
    text = told(tmp_path, loop("a"), loop("b"), loop("c", attempts=5, delay="2"), loop("d", error="KeyError"))
    assert "Nearly equal" not in text


def test_symbolic_policies_are_not_compared(tmp_path: Path) -> None:
    assert "Nearly equal" not in told(tmp_path, loop("a", delay="url.delay"), loop("b", attempts=5, delay="url.delay"))


def test_a_policy_that_stands_in_the_call_has_no_name(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("import time\n\n\nclass Lost(Exception): ...\n" + loop("fetch", error="Lost"))
    told = CliRunner().invoke(scan, ["--no-cache", "--prove", str(tmp_path)], catch_exceptions=False).stdout
    assert "becomes @retry(Policy(…))" in told
