"""The commands, from their arguments to their exit codes."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from mulligan_codemods.cli import migrate, rule, scan
from mulligan_codemods.rules.table import EVERY

from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from pathlib import Path

    import click


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a package with one site, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "client.py").write_text(function("fetch"))
    return tmp_path / "shop"


def called(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=STAGES, catch_exceptions=False)


def test_a_scan_says_what_a_site_does_and_what_to_do_next() -> None:
    result = called(scan, "shop")
    assert result.exit_code == 0
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "◆ candidate   shop/client.py:2  fetch  S03"
    assert lines[1].strip() == "attempts 3   delay 1 s   on OSError"
    assert "ML102" in lines[2]
    assert "Found 1 retry in 2 files" in result.stdout
    assert "mulligan migrate shop " in lines[-1]


def test_a_scan_without_paths_looks_here() -> None:
    assert "shop/client.py:2" in called(scan).stdout


def test_a_scan_that_finds_nothing_says_so(shop: Path) -> None:
    (shop / "client.py").write_text("")
    result = called(scan, "shop")
    assert (result.exit_code, result.stdout.partition(" (")[0]) == (0, "No retries in 2 files")


def test_a_scan_proves_when_asked_to() -> None:
    assert "✔ safe" in called(scan, "--prove", "shop").stdout


def test_a_refusal_is_shown_with_its_lines_and_its_remedy(shop: Path) -> None:
    (shop / "client.py").write_text(function("fetch", "refused"))
    out = called(scan, "shop").stdout
    assert "❱ 5 │ except OSError:  # refused" in out
    assert "→ Move the try-finally into the operation." in out
    assert "mulligan rule ML211" in out


@pytest.mark.parametrize("command", [scan, migrate])
def test_json_is_all_that_is_printed(command: click.Command) -> None:
    result = called(command, "--format", "json", "shop")
    assert json.loads(result.stdout)["sites"][0]["path"] == "shop/client.py"
    assert result.stderr == ""


def test_migrate_prints_a_diff_that_git_applies_and_changes_nothing(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py")}
    result = called(migrate, "shop")
    assert result.exit_code == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.py")} == before
    assert "✔ safe" in result.stderr
    git = ["git", "apply", "-"]
    subprocess.run(git, cwd=tmp_path, input=result.stdout_bytes, check=True)  # noqa: S603 -- the machine's git
    assert "return execute(P3, g, x)" in (tmp_path / "shop" / "client.py").read_text()
    assert (tmp_path / "shop" / "retry_policies.py").exists()


def test_migrate_writes_when_asked_to_and_a_second_run_changes_nothing(shop: Path) -> None:
    result = called(migrate, "--write", "shop")
    assert result.exit_code == 0
    assert "✔ written" in result.stdout
    assert "1 safe       rewritten by a proved policy; 1 written" in result.stdout
    text = (shop / "client.py").read_text()
    assert text == "from shop.retry_policies import P3\ndef fetch(x):\n    return execute(P3, g, x)\n"
    again = called(migrate, "shop")
    assert again.stdout == ""
    assert "No retries" in again.stderr


def test_what_was_written_is_in_the_json() -> None:
    sites = json.loads(called(migrate, "--write", "--format", "json", "shop").stdout)["sites"]
    assert [(site["status"], site["written"]) for site in sites] == [("safe", True)]


def test_unsafe_rewrites_wait_to_be_asked_for(shop: Path) -> None:
    (shop / "client.py").write_text(function("fetch", "differs"))
    assert called(migrate, "--write", "shop").exit_code == 0
    assert (shop / "client.py").read_text() == function("fetch", "differs")
    assert called(migrate, "--write", "--unsafe", "shop").exit_code == 0
    assert "execute(P3" in (shop / "client.py").read_text()


@pytest.mark.parametrize(
    ("comment", "options", "code"),
    [
        ("", ["--check"], 1),
        ("refused", ["--check"], 0),
        ("differs", ["--check"], 0),
        ("differs", ["--check", "--unsafe"], 1),
        ("", ["--check", "--ignore", "ML1"], 1),
        ("", ["--check", "--select", "ML101"], 0),
    ],
)
def test_check_says_whether_something_is_left(shop: Path, comment: str, options: list[str], code: int) -> None:
    (shop / "client.py").write_text(function("fetch", comment))
    result = called(migrate, *options, "shop")
    assert result.exit_code == code
    assert "+++" not in result.stdout


@pytest.mark.parametrize("command", [scan, migrate])
def test_bad_files_are_told_by_the_exit_code(shop: Path, command: click.Command) -> None:
    (shop / "bad.py").write_bytes(b"x = '\xff'\n")
    (shop / "book.ipynb").write_text("{}")
    result = called(command, "shop", "shop/book.ipynb")
    assert result.exit_code == 3
    assert "! skipped     shop/bad.py:1  ML002" in result.output
    assert "! skipped     shop/book.ipynb  ML006" in result.output
    assert "shop/client.py:2" in result.output


def test_a_crash_in_one_site_is_told_by_the_exit_code(shop: Path) -> None:
    (shop / "client.py").write_text(function("fetch", "crash recognise"))
    result = called(scan, "shop")
    assert result.exit_code == 3
    assert "Internal error: RuntimeError: recogniser" in result.stdout


def test_a_file_that_cannot_be_written_is_told_by_the_exit_code(shop: Path) -> None:
    (shop / "client.py").chmod(0o444)
    result = called(migrate, "--write", "shop")
    assert result.exit_code == 3
    assert "ML008 is read-only" in result.stdout
    assert "✔ written" not in result.stdout


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        (scan, ["nowhere.py"], "nowhere.py"),
        (scan, ["--select", "E501"], "E501"),
        (migrate, ["--write", "--check"], "exclude each other"),
        (scan, ["--format", "xml"], "xml"),
        (rule, ["ML999"], "ML999"),
    ],
)
def test_wrong_usage_exits_with_2(command: click.Command, arguments: list[str], told: str) -> None:
    result = called(command, *arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_settings_hold_and_wrong_ones_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mulligan]\nignore = ['ML102']\npolicies = 'shop/limits.py'\n")
    assert "ML102" not in called(scan, "shop").stdout
    assert "+++ b/shop/limits.py" in called(migrate, "shop").stdout
    (tmp_path / "pyproject.toml").write_text("[tool.mulligan]\nignroe = []\n")
    assert called(scan, "shop").exit_code == 2


def test_a_policies_module_can_be_named(tmp_path: Path) -> None:
    assert called(migrate, "--write", "--policies", "shop/limits.py", "shop").exit_code == 0
    assert "from shop.limits import P3" in (tmp_path / "shop" / "client.py").read_text()


def test_what_was_written_is_taken_back(shop: Path) -> None:
    assert "Nothing to undo" in called(migrate, "--undo").stdout
    called(migrate, "--write", "shop")
    result = called(migrate, "--undo")
    assert (result.exit_code, result.stdout.split()) == (
        0,
        ["restored", "shop/retry_policies.py", "restored", "shop/client.py"],
    )
    assert (shop / "client.py").read_text() == function("fetch")
    assert not (shop / "retry_policies.py").exists()


def test_what_changed_since_is_not_taken_back(shop: Path) -> None:
    called(migrate, "--write", "shop")
    (shop / "client.py").write_text("mine = 1\n")
    result = called(migrate, "--undo")
    assert result.exit_code == 3
    assert "left alone shop/client.py: ML007" in result.stderr
    assert (shop / "client.py").read_text() == "mine = 1\n"


def test_a_run_that_cannot_be_undone_says_so_first(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    result = called(migrate, "--write", "shop")
    assert result.exit_code == 0
    assert "This run cannot be undone" in result.stderr
    assert "execute(P3" in (shop / "client.py").read_text()


def test_proofs_are_explained_when_asked_for(shop: Path) -> None:
    (shop / "client.py").write_text(function("fetch", "differs") + function("h", "assumes"))
    result = called(migrate, "--explain-proof", "shop")
    assert "≠ sleep 1 s" in result.stderr
    assert "assumption count (documented): n ≥ 1" in result.stderr


def test_ignored_sites_and_other_loops_are_shown_when_asked_for(shop: Path) -> None:
    other = "for x in y:\n try: g()\n except E: sleep()\n"
    (shop / "client.py").write_text(function("fetch", first="  # mulligan: ignore") + other)
    assert "client.py:" not in called(scan, "shop").stdout
    shown = called(scan, "--all", "shop").stdout
    assert "· ignored     shop/client.py:2" in shown
    assert "· not retry   shop/client.py:7" in shown


def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[36m" in called(scan, "shop").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[36m" not in called(scan, "shop").stdout


def test_names_and_marks_that_a_terminal_lacks_are_printed_somehow(shop: Path) -> None:
    (shop / "client.py").rename(shop / "\udcff.py")
    runner = CliRunner(charset="ascii")
    assert "candidate" in runner.invoke(scan, ["shop"], obj=STAGES, catch_exceptions=False).output
    report = runner.invoke(scan, ["--format", "json", "shop"], obj=STAGES, catch_exceptions=False).stdout
    assert json.loads(report)["sites"][0]["path"] == "shop/\udcff.py"


def test_a_rule_is_explained_with_its_example() -> None:
    result = called(rule, "ml204")
    assert result.exit_code == 0
    assert result.stdout.startswith("ML204 ")
    assert "Before" in result.stdout


def test_all_rules_are_listed() -> None:
    out = called(rule).stdout
    assert all(row.code in out for row in EVERY)
    assert len(json.loads(called(rule, "--format", "json").stdout)) == len(EVERY)


def test_paths_outside_the_working_folder_are_scanned_too(shop: Path) -> None:
    (shop / "sub").mkdir()
    os.chdir(shop / "sub")
    assert "../client.py:2" in called(scan, "..").stdout
