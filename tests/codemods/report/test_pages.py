"""Annotations, comments and pages: what people read elsewhere than on a terminal."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.report import github, html, markdown
from mulligan_codemods.report.markdown import LONGEST

from tests.codemods.fake_stages import function
from tests.codemods.report.reports import everything, first_known

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.rows import Report


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(tmp_path)
    return everything(tmp_path)


def test_annotations_are_one_line_each_with_a_level_and_a_place(report: Report) -> None:
    lines = github.rendered(report).splitlines()
    levels = ["warning", "warning", "warning", "notice", "error", "error", "notice"]
    assert [line.partition(" ")[0] for line in lines] == [f"::{level}" for level in levels]
    assert lines[0].startswith("::warning file=a b.py,line=3,endLine=7,title=mulligan retry::Retry in")
    assert "%0AML102 all clients retry together" in lines[0]


def test_annotations_are_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    odd = tmp_path / "50%,a:b.py"
    odd.write_bytes(b"\0")
    from mulligan_codemods.run.engine import Options, run

    from tests.codemods.fake_stages import STAGES

    (line,) = github.rendered(run([odd.name], STAGES, Options(prove=False))).splitlines()
    assert line.startswith("::error file=50%25%2Ca%3Ab.py,line=1,endLine=1,title=mulligan ML003::50%25,a:b.py holds")


def test_known_sites_are_not_annotated(report: Report) -> None:
    assert len(github.rendered(first_known(report)).splitlines()) == 6


def test_a_comment_counts_and_lists_the_sites_and_folds_the_diff(report: Report) -> None:
    text = markdown.rendered(report)
    assert text.startswith("### mulligan: 5 retries\n")
    assert "✅ 2 safe · ⚠️ 1 unsafe · ⛔ 1 refused · 💥 1 failed · 1 ignored in 2 files." in text
    assert "| ✅ | `a b.py:3`<br>`safe` | attempts 3, delay 1 s, on OSError | can become execute(P3, …)" in text
    assert "- `nul.py` ML003 holds a NUL byte" in text
    assert "````diff\n" not in text
    assert "```diff\n--- a/a b.py" in text or "```diff\n--- /dev/null" in text


def test_a_comment_says_what_is_new(report: Report) -> None:
    text = markdown.rendered(first_known(report))
    assert text.startswith("### mulligan: 4 new retries\n")
    assert "1 known from the baseline" in text


def test_a_table_stays_one_whatever_stands_in_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = everything(tmp_path)
    rows = [line for line in markdown.rendered(report).splitlines() if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)


def test_a_comment_is_never_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "many.py").write_text("".join(function(f"function_{number}") for number in range(600)))
    text = markdown.rendered(everything(tmp_path, prove=False))
    assert len(text) <= LONGEST
    assert "more." in text


class Balanced(HTMLParser):
    """Check that tags nest, and collect the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_is_well_formed_and_says_it_all(report: Report) -> None:
    page = Balanced()
    page.feed(html.rendered(report))
    assert page.open == []
    for told in ("5 retries in 2 files", "a b.py:3", "ML211", "nul.py: ML003", "+    return execute(P3"):
        assert told in page.text


def test_a_page_escapes_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.py").write_text(function("f", "refused <script>alert(1)</script>"))
    assert "<script>" not in html.rendered(everything(tmp_path))
