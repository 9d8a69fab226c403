"""Only new sites fail, and the baseline tightens by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from mulligan_codemods.cli import migrate, scan

from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from pathlib import Path

    import click

FILE = "known.json"


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a package with two sites that the baseline knows."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "client.py").write_text(function("fetch") + function("store", "refused"))
    assert called(scan, "--baseline", FILE, "--update-baseline", "shop").exit_code == 0
    return tmp_path / "shop"


def called(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=STAGES, catch_exceptions=False)


def known() -> list[str]:
    result = called(scan, "--baseline", FILE, "--format", "json")
    return [site["qualname"] for site in json.loads(result.stdout)["sites"] if site["known"]]


def entries(tmp_path: Path) -> list[str]:
    return [f"{each['path']}:{each['qualname']}" for each in json.loads((tmp_path / FILE).read_text())["sites"]]


def test_known_sites_do_not_fail_and_are_not_shown(tmp_path: Path) -> None:
    result = called(scan, "--baseline", FILE, "shop")
    assert result.exit_code == 0
    assert "client.py:" not in result.stdout
    assert "0 new, 2 known from the baseline" in result.stdout
    assert entries(tmp_path) == ["shop/client.py:fetch", "shop/client.py:store"]


@pytest.mark.parametrize("comment", ["", "refused"])
def test_a_new_site_fails_alone(shop: Path, comment: str) -> None:
    (shop / "other.py").write_text(function("load", comment))
    result = called(scan, "--baseline", FILE, "shop")
    assert result.exit_code == 1
    assert "shop/other.py:2" in result.stdout
    assert "shop/client.py" not in result.stdout
    assert "1 new, 2 known" in result.stdout


def test_without_its_file_every_site_is_new(tmp_path: Path) -> None:
    (tmp_path / FILE).unlink()
    assert called(scan, "--baseline", FILE, "shop").exit_code == 1
    assert not (tmp_path / FILE).exists()


def test_edits_above_comments_and_layout_do_not_matter(shop: Path) -> None:
    text = (shop / "client.py").read_text().replace("range(3):", "range(3):  # three").replace("    ", "\t")
    (shop / "client.py").write_text("import os\n\n\n" + text)
    assert known() == ["fetch", "store"]


def test_a_changed_loop_is_new(shop: Path) -> None:
    (shop / "client.py").write_text((shop / "client.py").read_text().replace("range(3)", "range(4)", 1))
    assert known() == ["store"]


def test_a_loop_in_another_function_is_new(shop: Path) -> None:
    (shop / "client.py").write_text((shop / "client.py").read_text().replace("def fetch", "def load"))
    assert known() == ["store"]


def test_a_second_loop_of_the_same_kind_is_new(shop: Path) -> None:
    (shop / "copy.py").write_text(function("fetch"))
    assert known() == ["fetch", "store"]
    assert called(scan, "--baseline", FILE, "shop").exit_code == 1


def test_a_renamed_file_keeps_its_entries(tmp_path: Path, shop: Path) -> None:
    (shop / "client.py").rename(shop / "renamed.py")
    assert called(scan, "--baseline", FILE, "shop").exit_code == 0
    assert entries(tmp_path) == ["shop/renamed.py:fetch", "shop/renamed.py:store"]


def test_entries_that_nothing_needs_leave_by_themselves(tmp_path: Path, shop: Path) -> None:
    (shop / "client.py").write_text(function("store", "refused"))
    result = called(scan, "--baseline", FILE, "shop")
    assert result.exit_code == 0
    assert "ML502 the baseline's entry for fetch is no longer needed" in result.stdout
    assert entries(tmp_path) == ["shop/client.py:store"]
    (shop / "client.py").write_text(function("fetch"))
    assert called(scan, "--baseline", FILE, "shop").exit_code == 1


def test_a_deleted_files_entries_leave(tmp_path: Path, shop: Path) -> None:
    (shop / "client.py").unlink()
    called(scan, "--baseline", FILE, "shop")
    assert entries(tmp_path) == []


@pytest.mark.parametrize("text", ["def (:\n  for x in y:\n    try: sleep(1)\n    except A: retry()\n", "\0"])
def test_a_file_that_was_not_read_keeps_its_entries(tmp_path: Path, shop: Path, text: str) -> None:
    (shop / "client.py").write_text(text)
    assert called(scan, "--baseline", FILE, "shop").exit_code == 3
    assert len(entries(tmp_path)) == 2


def test_a_file_that_was_not_looked_at_keeps_its_entries(tmp_path: Path, shop: Path) -> None:
    (shop / "other.py").touch()
    called(scan, "--baseline", FILE, "shop/other.py")
    assert len(entries(tmp_path)) == 2


def test_a_site_that_options_leave_out_keeps_its_entry(tmp_path: Path) -> None:
    assert called(scan, "--baseline", FILE, "--select", "ML211", "shop").exit_code == 0
    assert called(scan, "--baseline", FILE, "--ignore", "ML211", "shop").exit_code == 0
    assert len(entries(tmp_path)) == 2


def test_a_site_that_a_comment_ignores_needs_no_entry(tmp_path: Path, shop: Path) -> None:
    text = function("fetch", first="  # mulligan: ignore") + function("store", "refused")
    (shop / "client.py").write_text(text)
    assert called(scan, "--baseline", FILE, "shop").exit_code == 0
    assert entries(tmp_path) == ["shop/client.py:store"]


def test_growing_is_asked_for(tmp_path: Path, shop: Path) -> None:
    (shop / "other.py").write_text(function("load"))
    assert called(scan, "--baseline", FILE, "--update-baseline", "shop/other.py").exit_code == 0
    assert len(entries(tmp_path)) == 3
    assert called(scan, "--update-baseline", "shop").exit_code == 2


def test_migrate_checks_new_sites_only(shop: Path) -> None:
    assert called(migrate, "--check", "shop").exit_code == 1
    assert called(migrate, "--check", "--baseline", FILE, "shop").exit_code == 0
    (shop / "other.py").write_text(function("load"))
    assert called(migrate, "--check", "--baseline", FILE, "shop").exit_code == 1


def test_the_settings_name_a_baseline(tmp_path: Path, shop: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.mulligan]\nbaseline = '{FILE}'\n")
    assert called(scan, "shop").exit_code == 0
    (shop / "other.py").write_text(function("load"))
    assert called(scan, "shop").exit_code == 1


@pytest.mark.parametrize("text", ["[]", "{", '{"sites": [{"path": "a"}]}', '{"sites": 3}'])
def test_what_is_no_baseline_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    result = called(scan, "--baseline", FILE, "shop")
    assert (result.exit_code, "--update-baseline" in result.stderr) == (2, True)
