"""`mulligan policies check` says what is wrong and what is doubtful."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mulligan import config
from mulligan.explain import RULES, Rule
from tests.cli.policies.invoking import GOOD, invoke

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_to_remark_is_exit_code_0(file: Path) -> None:
    shown = invoke("check")
    assert (shown.exit_code, shown.output) == (0, "nothing to remark\n")


def test_a_remark_has_its_line_and_policy_and_is_exit_code_1(file: Path) -> None:
    file.write_text(GOOD.replace("timeout = 20", 'timeout = 20\nschedule = "constant(1)"'))
    shown = invoke("check")
    assert shown.exit_code == 1
    assert shown.output.splitlines() == [
        (
            "policies.toml:11 MP101 shop.fetch: The delays have no jitter: "
            "constant(1) gives every client the same delays"
        ),
        "1 remark",
    ]


def test_everything_wrong_is_told_and_is_exit_code_3(file: Path) -> None:
    file.write_text(GOOD.replace("timeout = 20", "timeout = 0").replace("max_attempts", "max_attemps"))
    shown = invoke("check", str(file), "--select", "MP101")
    assert shown.exit_code == 3
    assert shown.output.count(" MP001 ") == 2
    assert f"{file}:10 MP001 The file can't be used: policies.shop.fetch.timeout=0: give a number" in shown.output


def test_a_name_that_cannot_be_imported_is_told_unless_it_is_not_looked_for(file: Path) -> None:
    file.write_text(GOOD.replace("JSONDecodeError", "JSONDecodeErrr"))
    shown = invoke("check")
    assert (
        "policies.toml:9 MP002 shop.fetch: A name can't be imported: json:JSONDecodeErrr: json has no" in shown.output
    )
    assert invoke("check", "--no-import").exit_code == 0


def test_modules_of_the_current_folder_are_found(file: Path) -> None:
    (file.parent / "shop_errors_e.py").write_text("class Busy(Exception): ...\n")
    file.write_text(GOOD.replace("json:JSONDecodeError", "shop_errors_e:Busy"))
    assert invoke("check").exit_code == 0


def test_json_holds_each_remark(file: Path) -> None:
    file.write_text(GOOD.replace("timeout = 20\n", ""))
    document = json.loads(invoke("check", "--format", "json").output)
    assert document == {
        "version": 1,
        "remarks": [
            {
                "code": "MP103",
                "title": "No limit in seconds",
                "file": "policies.toml",
                "line": 5,
                "policy": "shop.fetch",
                "message": "neither timeout nor stop_after is given",
            }
        ],
    }


def test_github_gets_annotations(file: Path) -> None:
    file.write_text(GOOD.replace("timeout = 20\n", ""))
    shown = invoke("check", "--format", "github")
    assert shown.output == (
        "::warning file=policies.toml,line=5,title=mulligan MP103::"
        "shop.fetch: neither timeout nor stop_after is given\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--ignore", "MP103"], 0),
        (["--ignore", "mp1"], 0),
        (["--select", "MP2"], 0),
        (["--select", "MP2,MP101"], 0),
        (["--select", "MP2,MP1"], 1),
        (["--select", "ML1"], 2),
    ],
)
def test_codes_are_selected_and_ignored(file: Path, arguments: list[str], code: int) -> None:
    file.write_text(GOOD.replace("timeout = 20\n", ""))
    assert invoke("check", *arguments).exit_code == code
    assert invoke("check", "--select", "MP1").exit_code == 1


def test_an_override_of_nothing_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULLIGAN_POLICY_SHOP_FETSH__TIMEOUT", "3")
    config.reload()
    shown = invoke("check")
    monkeypatch.undo()
    config.reload()
    assert "MP204 An override of nothing: MULLIGAN_POLICY_SHOP_FETSH__TIMEOUT is set" in shown.output


def test_without_a_file_it_is_a_usage_error(file: Path) -> None:
    file.unlink()
    shown = invoke("check")
    assert shown.exit_code == 2
    assert "there is none here or above" in shown.output


@pytest.mark.parametrize("row", [row for row in RULES if row.before], ids=lambda row: row.code)
def test_the_example_of_a_code_has_it_and_the_remedy_takes_it_away(file: Path, row: Rule) -> None:
    file.write_text(row.before)
    assert f" {row.code} " in invoke("check").output
    file.write_text(row.after)
    assert f" {row.code} " not in invoke("check").output


def test_a_pyproject_with_policies_is_the_nearest_file(file: Path) -> None:
    file.rename(file.with_name("other.toml"))
    text = GOOD.replace("[", "[tool.mulligan.").replace("= [tool.mulligan.", "= [").replace("timeout = 20\n", "")
    (file.parent / "pyproject.toml").write_text(f'[project]\nname = "shop"\n{text}')
    shown = invoke("check")
    assert shown.output.splitlines()[0].startswith("pyproject.toml:7 MP103 shop.fetch: No limit in seconds")


def test_a_check_imports_neither_codemods_nor_matplotlib(file: Path) -> None:
    code = (
        "import sys; from mulligan.cli.commands import commands\n"
        "try: commands(['policies', 'check'], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "print(sorted({'mulligan_codemods', 'libcst', 'matplotlib'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"
