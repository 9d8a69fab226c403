"""The settings in pyproject.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.config import Config, checked_codes, configured

from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def settings(root: Path, text: str) -> Config:
    (root / "pyproject.toml").write_text(text)
    (root / "below").mkdir()
    return configured(str(root / "below" / "a.py"))


def test_the_nearest_pyproject_holds(tmp_path: Path) -> None:
    text = '[tool.mulligan]\nselect = ["ML1"]\nignore = ["ml102"]\nexclude = ["tests"]\npolicies = "src/p.py"\n'
    config = settings(tmp_path, text)
    expected = Config(select=("ML1",), ignore=("ML102",), exclude=("tests",), policies=str(tmp_path / "src/p.py"))
    assert config == expected


def test_without_a_table_everything_is_default(tmp_path: Path) -> None:
    assert settings(tmp_path, "[project]\nname = 'x'\n") == Config()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[tool.mulligan]\nselct = []\n", "tool.mulligan.selct"),
        ("[tool.mulligan]\nselect = 'ML1'\n", "tool.mulligan.select"),
        ("[tool.mulligan]\nselect = [1]\n", "tool.mulligan.select"),
        ("[tool.mulligan]\nignore = ['E501']\n", "tool.mulligan.ignore"),
        ("[tool.mulligan]\npolicies = 1\n", "tool.mulligan.policies"),
        ("[tool]\nmulligan = 1\n", "tool.mulligan"),
        ("tool = 1\n", "tool"),
        ("[", "pyproject.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert caught.value.field == field


def test_ignored_codes_win_over_selected_ones() -> None:
    config = Config(select=("ML1", "ML204"), ignore=("ML102",))
    assert [code for code in ("ML101", "ML102", "ML204", "ML205") if config.reports(code)] == ["ML101", "ML204"]


def test_codes_are_split_and_checked() -> None:
    assert checked_codes("select", ["ml101, ML2", "ML3"]) == ("ML101", "ML2", "ML3")
    with pytest.raises(ConfigError, match="ML9"):
        checked_codes("select", ["ML9"])
