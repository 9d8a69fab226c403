"""`mulligan policies docs` writes the living document, and says when it is out of date."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mulligan.cli.policies.living import sites
from tests.cli.policies.invoking import GOOD, invoke

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_document_says_everything_about_a_policy(file: Path) -> None:
    shown = invoke("docs")
    assert shown.exit_code == 0
    for part in (
        "| [shop.fetch](#shopfetch) | 4 | 1.1 s | shop |",
        "Fetches | a page.",
        "| owner | shop (shop@example.test) |",
        "| runbook | https://example.test/runbook |",
        "| retries | `ConnectionError`, `json:JSONDecodeError` |",
        "| delays | `exponential(0.1, factor=2, cap=10).jittered(full_jitter())` |",
        "| timeout | 20 s |",
        "| budget | `bank`: model quota, capacity 100 |",
        "`MULLIGAN_POLICY_SHOP_FETCH__…`",
        '`mulligan.calls{policy="shop.fetch", kind="failed_with_retry"}`',
    ):
        assert part in shown.output
    assert ".svg" not in shown.output


def test_every_kind_of_setting_has_its_line(file: Path) -> None:
    file.write_text("""
        [policies.base]
        template = true
        stop_after = 9
        [policies.a]
        extends = "base"
        retry_if = "operator:not_"
        attempt_timeout = 2
        attempt_timeout_mode = "advise"
        max_attempts = "unlimited"
        schedule = "decorrelated(1, cap=3)"
        ignore = ["MP102"]
        [policies.b]
        classify = "operator:not_"
        max_attempts = 1
        [policies.c]
        preset = "aws_standard"
        [policies.d]
        retry_on = "OSError"
        max_attempts = "unlimited"
    """)
    shown = invoke("docs", "--out", "policies.md")
    assert shown.exit_code == 0
    page = (file.parent / "policies.md").read_text(encoding="utf-8")
    for part in (
        "| [a](#a) | unlimited | ≤ ",
        "| extends | `base` |",
        "| retries values where | `operator:not_` |",
        "| timeout | 2 s for an attempt (advised), stops after 9 s |",
        "| judged by | `operator:not_` |",
        "| preset | `aws_standard` |",
        "| [d](#d) | unlimited | without end |",
        "- MP104 It never ends: nothing ends it while the fault lasts",
    ):
        assert part in page
    assert "policies/b.svg" not in page
    assert not (file.parent / "policies" / "b.svg").exists()


def test_a_finder_that_cannot_be_imported_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def load(self) -> None:
            raise ModuleNotFoundError("No module named 'libcst'", name="libcst")

    def broken(**_: str) -> list[Broken]:
        return [Broken()]

    monkeypatch.setattr(sites, "entry_points", broken)
    shown = invoke("docs", "--sites", ".")
    assert shown.exit_code == 2
    assert "finding call sites needs libcst: pip install 'mulligan[codemod]'" in shown.output


def test_a_document_that_is_written_again_changes_nothing(file: Path) -> None:
    assert invoke("docs", "--out", "policies.md").stderr.count("wrote") == 2
    assert invoke("docs", "--out", "policies.md").stderr == ""


def test_it_is_written_with_a_picture_beside_it(file: Path) -> None:
    out = file.parent / "docs" / "policies.md"
    assert invoke("docs", "--out", str(out)).exit_code == 0
    assert "![The delays of shop.fetch](policies/shop.fetch.svg)" in out.read_text(encoding="utf-8")
    picture = ET.parse(out.parent / "policies" / "shop.fetch.svg")  # noqa: S314 - our own
    texts = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[-3:] == ["retry 1", "retry 2", "retry 3"]


def test_check_says_when_it_is_out_of_date(file: Path) -> None:
    arguments = ("docs", "--out", "policies.md")
    assert invoke(*arguments, "--check").exit_code == 1
    assert invoke(*arguments).exit_code == 0
    assert invoke(*arguments, "--check").exit_code == 0
    file.write_text(GOOD.replace("max_attempts = 4", "max_attempts = 3"))
    shown = invoke(*arguments, "--check")
    assert shown.exit_code == 1
    assert shown.stderr.splitlines() == ["out of date: policies.md", "out of date: policies/shop.fetch.svg"]


def test_a_picture_of_no_policy_is_told(file: Path) -> None:
    invoke("docs", "--out", "policies.md")
    file.write_text(GOOD.replace("shop.fetch", "shop.get"))
    invoke("docs", "--out", "policies.md")
    shown = invoke("docs", "--out", "policies.md", "--check")
    assert shown.exit_code == 1
    assert shown.stderr == "of no policy any more, delete it: policies/shop.fetch.svg\n"


def test_call_sites_are_those_that_the_codemods_find(file: Path) -> None:
    (file.parent / "client.py").write_text(
        "from mulligan.config import policy\n\n\ndef get():\n    policy('shop.fetch'); policy('shop.gone')\n"
    )
    shown = invoke("docs", "--sites", "client.py")
    assert "Used at:\n\n- `client.py:5` get\n" in shown.output
    assert "## Not in this file\n\n- shop.gone at `client.py:5` get\n" in shown.output
    (file.parent / "client.py").write_text("")
    assert "Used nowhere that was looked at." in invoke("docs", "--sites", "client.py").output


def test_the_codemods_come_by_their_entry_point() -> None:
    assert [each.value for each in entry_points(group=sites.GROUP)] == ["mulligan_codemods.call_sites:call_sites"]


def test_without_the_codemods_sites_say_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: str) -> tuple[()]:
        return ()

    monkeypatch.setattr(sites, "entry_points", none)
    shown = invoke("docs", "--sites", ".")
    assert shown.exit_code == 2
    assert "pip install 'mulligan[codemod]'" in shown.output


def test_a_file_that_cannot_be_used_is_exit_code_3(file: Path) -> None:
    file.write_text("[policies.a]\n")
    assert invoke("docs").exit_code == 3


def test_check_needs_a_document(file: Path) -> None:
    assert invoke("docs", "--check").exit_code == 2


def test_what_cannot_be_written_leaves_nothing_behind(file: Path) -> None:
    (file.parent / "policies").write_text("a file where the folder would be")
    shown = invoke("docs", "--out", "policies.md")
    assert shown.exit_code == 1
    assert "Could not open file" in shown.output
