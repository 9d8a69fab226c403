"""`--staged` and `--finalize` on the command line."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from mulligan_codemods.cli import migrate, scan

from tests.codemods.staged_cases import CASES, HEAD

if TYPE_CHECKING:
    from pathlib import Path

    import click


@pytest.fixture(autouse=True)
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a package with one site, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    path = tmp_path / "shop" / "client.py"
    path.write_text(HEAD + CASES["a counter directly above"])
    return path


def called(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--no-cache"], catch_exceptions=False)


def finalize(*arguments: str) -> Result:
    return called(migrate, "--finalize", *arguments, "shop")


def test_a_staged_rewrite_is_written_and_taken_back(client: Path) -> None:
    before = client.read_text()
    assert "1 written" in called(migrate, "--staged", "--write", "shop").stdout
    assert 'if legacy_here("shop.client:fetch"):' in client.read_text()
    called(migrate, "--undo")
    assert client.read_text() == before


def test_a_scan_says_how_far_the_sites_have_come(client: Path) -> None:
    assert "Progress" not in called(scan, "shop").stdout
    called(migrate, "--staged", "--write", "shop")
    told = called(scan, "shop").stdout
    assert "Progress: 0 legacy · 1 staged · 0 modern" in told
    assert "mulligan migrate --finalize shop" in told
    found = json.loads(called(scan, "--format", "json", "shop").stdout)
    assert found["progress"] == {"legacy": 0, "staged": 1, "modern": 0}
    assert found["staged"] == [{"path": "shop/client.py", "line": 13, "site": "shop.client:fetch"}]
    finalize("--write")
    assert json.loads(called(scan, "--format", "json", "shop").stdout)["progress"]["modern"] == 1


def test_the_report_of_a_write_counts_what_it_wrote() -> None:
    told = json.loads(called(migrate, "--staged", "--write", "--format", "json", "shop").stdout)
    assert told["progress"] == {"legacy": 0, "staged": 1, "modern": 0}


def test_finalizing_shows_a_diff_that_git_applies(client: Path, tmp_path: Path) -> None:
    called(migrate, "--staged", "--write", "shop")
    before = client.read_text()
    result = finalize()
    assert result.exit_code == 0
    assert "shop/client.py:13  shop.client:fetch: the old code goes" in result.stderr
    assert client.read_text() == before
    (tmp_path / "change.diff").write_text(result.stdout)
    subprocess.run(["git", "apply", "change.diff"], cwd=tmp_path, check=True)  # noqa: S607
    applied = client.read_text()
    client.write_text(before)
    assert finalize("--write").stdout.endswith("1 staged site finalized.\n")
    assert client.read_text() == applied


def test_a_check_finds_what_is_left_to_finalize() -> None:
    called(migrate, "--staged", "--write", "shop")
    assert finalize("--check").exit_code == 1
    finalize("--write")
    assert finalize("--check").exit_code == 0


def test_finalizing_is_taken_back(client: Path) -> None:
    called(migrate, "--staged", "--write", "shop")
    before = client.read_text()
    finalize("--write")
    called(migrate, "--undo")
    assert client.read_text() == before


def test_a_file_that_does_not_parse_fails_alone(client: Path) -> None:
    called(migrate, "--staged", "--write", "shop")
    (client.parent / "broken.py").write_text("from mulligan.compat import legacy_here\ndef (:\n")
    result = finalize("--write")
    assert result.exit_code == 3
    assert "shop/broken.py: ML004" in result.stderr
    assert "legacy_here" not in client.read_text()


def test_options_that_make_no_sense_together_are_refused() -> None:
    result = CliRunner().invoke(migrate, ["--staged", "--finalize", "shop"])
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr
