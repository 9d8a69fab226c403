"""When the last use of a library is gone its line goes, and mulligan's comes; --undo brings everything back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from mulligan_codemods.cli import migrate

if TYPE_CHECKING:
    from pathlib import Path

USE = "from retry import retry\n\n\n@retry(OSError, tries=3, logger=None)\ndef fetch(url):\n    return get(url)\n"
PROJECT = '[project]\nname = "shop"\ndependencies = [\n    "requests",\n    "retry>=0.9",\n]\n'


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a project that uses retry once, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path.parent / "state"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "client.py").write_text(USE)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    return tmp_path


def called(*arguments: str) -> Result:
    return CliRunner().invoke(migrate, ["--no-cache", *arguments], catch_exceptions=False)


def told(result: Result) -> list[tuple[str, str]]:
    return [(each["code"], each["message"]) for each in json.loads(result.stdout)["notices"]]


def test_the_line_goes_and_mulligan_s_takes_its_place(root: Path) -> None:
    result = called("--write", "--format", "json", "shop")
    assert (root / "pyproject.toml").read_text() == PROJECT.replace("retry>=0.9", "mulligan>=0.1.0")
    assert told(result) == [("ML503", "nothing imports retry any more; the line goes")]
    called("--undo")
    assert (root / "pyproject.toml").read_text() == PROJECT
    assert (root / "shop" / "client.py").read_text() == USE


def test_without_write_it_is_part_of_the_diff(root: Path) -> None:
    result = called("shop")
    assert '-    "retry>=0.9",\n+    "mulligan>=0.1.0",\n' in result.stdout
    assert "pyproject.toml:5  ML503 nothing imports retry any more; the line goes" in result.stderr
    assert (root / "pyproject.toml").read_text() == PROJECT


@pytest.mark.parametrize(
    "other",
    [
        "import retry\n",
        "    from retry.api import retry_call\n",
        "import os, retry\n",
        "patch('retry.api.time.sleep')\n",
    ],
)
def test_a_use_anywhere_else_in_the_project_keeps_the_line(root: Path, other: str) -> None:
    (root / "tests").mkdir()
    (root / "tests" / "test_client.py").write_text(f"if True:\n    pass\n{other}")
    result = called("--write", "--format", "json", "shop")
    assert '"retry>=0.9"' in (root / "pyproject.toml").read_text()
    assert [code for code, _ in told(result)] == ["ML504"]


def test_mulligan_is_asked_for_where_nothing_declares_it(root: Path) -> None:
    loop = "import time\n\n\ndef fetch(url):\n    for attempt in range(3):\n        try:\n            return get(url)\n"
    loop += "        except OSError:\n            if attempt == 2:\n                raise\n            time.sleep(1)\n"
    (root / "shop" / "client.py").write_text(loop)
    assert told(called("--format", "json", "shop")) == [
        ("ML504", "the code imports mulligan now: declare mulligan>=0.1.0")
    ]
    (root / "requirements-dev.txt").write_text("mulligan\n")
    assert told(called("--format", "json", "shop")) == []


def test_a_pinned_list_gets_a_pinned_line(root: Path) -> None:
    (root / "pyproject.toml").unlink()
    (root / "requirements.txt").write_bytes(b"requests==2.0\r\nretry==0.9.2\r\n")
    called("--write", "shop")
    assert (root / "requirements.txt").read_bytes() == b"requests==2.0\r\nmulligan==0.1.0\r\n"


def test_what_can_t_be_edited_is_told(root: Path) -> None:
    (root / "pyproject.toml").unlink()
    (root / "requirements.txt").write_text("mulligan\nretry==0.9.2  # mails\n")
    (root / "setup.py").write_text("setup(install_requires=[\n    'retry',\n])\n")
    (root / "uv.lock").write_text('[[package]]\nname = "retry"\n')
    found = json.loads(called("--write", "--format", "json", "shop").stdout)["notices"]
    assert [(each["path"], each["line"]) for each in found] == [
        ("requirements.txt", 2), ("setup.py", 2), ("uv.lock", 2),
    ]  # fmt: skip
    assert "remove it by hand, it has a comment" in found[0]["message"]
    assert (root / "requirements.txt").read_text() == "mulligan\nretry==0.9.2  # mails\n"


def test_a_file_that_can_t_be_written_keeps_the_line(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "shop" / "client.py").chmod(0o444)
    result = called("--write", "shop")
    assert result.exit_code == 3
    assert (root / "pyproject.toml").read_text() == PROJECT


def test_staging_changes_no_dependency(root: Path) -> None:
    called("--staged", "--write", "shop")
    assert (root / "pyproject.toml").read_text() == PROJECT
