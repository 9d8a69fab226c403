"""Comments that ignore sites, and those that ignore nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.config import Config
from mulligan_codemods.run.engine import Options, run

from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from pathlib import Path


def told(root: Path, text: str, config: Config | None = None) -> list[str]:
    (root / "a.py").write_text(text)
    report = run([str(root / "a.py")], STAGES, Options(prove=False, config=config or Config()))
    return [f"{notice.line} {notice.code} {notice.message}" for notice in report.notices]


@pytest.mark.parametrize("comment", ["ignore", "ignore[ML102]", "ignore[ML1]", "ignore[ML105,ML102]"])
def test_a_comment_that_ignores_something_is_no_news(tmp_path: Path, comment: str) -> None:
    assert told(tmp_path, function("f", first=f"  # mulligan: {comment}")) == []


def test_a_code_that_ignores_nothing_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, function("f", first="  # mulligan: ignore[ML102, ML999]"))
    assert found == ["2 ML501 ML999 ignores nothing on this line"]


@pytest.mark.parametrize("text", ["x = 1  # mulligan: ignore\n", "\n# mulligan: ignore\n" + function("f")])
def test_a_comment_away_from_a_site_is_told(tmp_path: Path, text: str) -> None:
    (message,) = told(tmp_path, text)
    assert message.endswith("ML501 ignores nothing here: no retry begins on this line")


def test_what_a_string_says_is_no_comment(tmp_path: Path) -> None:
    assert told(tmp_path, 's = "# mulligan: ignore"\n') == []


def test_a_selection_says_nothing_about_comments(tmp_path: Path) -> None:
    assert told(tmp_path, "x = 1  # mulligan: ignore\n", Config(select=("ML1",))) == []
