"""`mulligan policies check`, `docs` and `schema`."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import CliRunner, Result

from mulligan import config
from mulligan.cli.commands import commands
from mulligan.cli.policies.living import sites
from mulligan.explain import RULES, Rule

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[owners]
shop = "shop@example.test"

[policies.shop.fetch]
description = "Fetches | a page."
owner = "shop"
runbook = "https://example.test/runbook"
retry_on = ["ConnectionError", "json:JSONDecodeError"]
timeout = 20
max_attempts = 4
budget = "bank"

[budgets.bank]
model = "quota"
capacity = 100
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    found = tmp_path / "policies.toml"
    found.write_text(GOOD)
    return found


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(commands, ["policies", *arguments])


class TestCheck:
    def test_nothing_to_remark_is_exit_code_0(self, file: Path) -> None:
        shown = invoke("check")
        assert (shown.exit_code, shown.output) == (0, "nothing to remark\n")

    def test_a_remark_has_its_line_and_policy_and_is_exit_code_1(self, file: Path) -> None:
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

    def test_everything_wrong_is_told_and_is_exit_code_3(self, file: Path) -> None:
        file.write_text(GOOD.replace("timeout = 20", "timeout = 0").replace("max_attempts", "max_attemps"))
        shown = invoke("check", str(file), "--select", "MP101")
        assert shown.exit_code == 3
        assert shown.output.count(" MP001 ") == 2
        assert f"{file}:10 MP001 The file can't be used: policies.shop.fetch.timeout=0: give a number" in shown.output

    def test_a_name_that_cannot_be_imported_is_told_unless_it_is_not_looked_for(self, file: Path) -> None:
        file.write_text(GOOD.replace("JSONDecodeError", "JSONDecodeErrr"))
        shown = invoke("check")
        assert (
            "policies.toml:9 MP002 shop.fetch: A name can't be imported: json:JSONDecodeErrr: json has no"
            in shown.output
        )
        assert invoke("check", "--no-import").exit_code == 0

    def test_modules_of_the_current_folder_are_found(self, file: Path) -> None:
        (file.parent / "shop_errors_e.py").write_text("class Busy(Exception): ...\n")
        file.write_text(GOOD.replace("json:JSONDecodeError", "shop_errors_e:Busy"))
        assert invoke("check").exit_code == 0

    def test_json_holds_each_remark(self, file: Path) -> None:
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

    def test_github_gets_annotations(self, file: Path) -> None:
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
    def test_codes_are_selected_and_ignored(self, file: Path, arguments: list[str], code: int) -> None:
        file.write_text(GOOD.replace("timeout = 20\n", ""))
        assert invoke("check", *arguments).exit_code == code
        assert invoke("check", "--select", "MP1").exit_code == 1

    def test_an_override_of_nothing_is_told(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MULLIGAN_POLICY_SHOP_FETSH__TIMEOUT", "3")
        config.reload()
        shown = invoke("check")
        monkeypatch.undo()
        config.reload()
        assert "MP204 An override of nothing: MULLIGAN_POLICY_SHOP_FETSH__TIMEOUT is set" in shown.output

    def test_without_a_file_it_is_a_usage_error(self, file: Path) -> None:
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


class TestDocs:
    def test_the_document_says_everything_about_a_policy(self, file: Path) -> None:
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

    def test_every_kind_of_setting_has_its_line(self, file: Path) -> None:
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

    def test_a_finder_that_cannot_be_imported_says_what_to_install(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Broken:
            def load(self) -> None:
                raise ModuleNotFoundError("No module named 'libcst'", name="libcst")

        def broken(**_: str) -> list[Broken]:
            return [Broken()]

        monkeypatch.setattr(sites, "entry_points", broken)
        shown = invoke("docs", "--sites", ".")
        assert shown.exit_code == 2
        assert "finding call sites needs libcst: pip install 'mulligan[codemod]'" in shown.output

    def test_a_document_that_is_written_again_changes_nothing(self, file: Path) -> None:
        assert invoke("docs", "--out", "policies.md").stderr.count("wrote") == 2
        assert invoke("docs", "--out", "policies.md").stderr == ""

    def test_it_is_written_with_a_picture_beside_it(self, file: Path) -> None:
        out = file.parent / "docs" / "policies.md"
        assert invoke("docs", "--out", str(out)).exit_code == 0
        assert "![The delays of shop.fetch](policies/shop.fetch.svg)" in out.read_text(encoding="utf-8")
        picture = ET.parse(out.parent / "policies" / "shop.fetch.svg")  # noqa: S314 - our own
        texts = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
        assert texts[-3:] == ["retry 1", "retry 2", "retry 3"]

    def test_check_says_when_it_is_out_of_date(self, file: Path) -> None:
        arguments = ("docs", "--out", "policies.md")
        assert invoke(*arguments, "--check").exit_code == 1
        assert invoke(*arguments).exit_code == 0
        assert invoke(*arguments, "--check").exit_code == 0
        file.write_text(GOOD.replace("max_attempts = 4", "max_attempts = 3"))
        shown = invoke(*arguments, "--check")
        assert shown.exit_code == 1
        assert shown.stderr.splitlines() == ["out of date: policies.md", "out of date: policies/shop.fetch.svg"]

    def test_a_picture_of_no_policy_is_told(self, file: Path) -> None:
        invoke("docs", "--out", "policies.md")
        file.write_text(GOOD.replace("shop.fetch", "shop.get"))
        invoke("docs", "--out", "policies.md")
        shown = invoke("docs", "--out", "policies.md", "--check")
        assert shown.exit_code == 1
        assert shown.stderr == "of no policy any more, delete it: policies/shop.fetch.svg\n"

    def test_call_sites_are_those_that_the_codemods_find(self, file: Path) -> None:
        (file.parent / "client.py").write_text(
            "from mulligan.config import policy\n\n\ndef get():\n    policy('shop.fetch'); policy('shop.gone')\n"
        )
        shown = invoke("docs", "--sites", "client.py")
        assert "Used at:\n\n- `client.py:5` get\n" in shown.output
        assert "## Not in this file\n\n- shop.gone at `client.py:5` get\n" in shown.output
        (file.parent / "client.py").write_text("")
        assert "Used nowhere that was looked at." in invoke("docs", "--sites", "client.py").output

    def test_the_codemods_come_by_their_entry_point(self) -> None:
        assert [each.value for each in entry_points(group=sites.GROUP)] == ["mulligan_codemods.call_sites:call_sites"]

    def test_without_the_codemods_sites_say_what_to_install(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def none(**_: str) -> tuple[()]:
            return ()

        monkeypatch.setattr(sites, "entry_points", none)
        shown = invoke("docs", "--sites", ".")
        assert shown.exit_code == 2
        assert "pip install 'mulligan[codemod]'" in shown.output

    def test_a_file_that_cannot_be_used_is_exit_code_3(self, file: Path) -> None:
        file.write_text("[policies.a]\n")
        assert invoke("docs").exit_code == 3

    def test_check_needs_a_document(self, file: Path) -> None:
        assert invoke("docs", "--check").exit_code == 2

    def test_what_cannot_be_written_leaves_nothing_behind(self, file: Path) -> None:
        (file.parent / "policies").write_text("a file where the folder would be")
        shown = invoke("docs", "--out", "policies.md")
        assert shown.exit_code == 1
        assert "Could not open file" in shown.output


def test_a_pyproject_with_policies_is_the_nearest_file(file: Path) -> None:
    file.rename(file.with_name("other.toml"))
    text = GOOD.replace("[", "[tool.mulligan.").replace("= [tool.mulligan.", "= [").replace("timeout = 20\n", "")
    (file.parent / "pyproject.toml").write_text(f'[project]\nname = "shop"\n{text}')
    shown = invoke("check")
    assert shown.output.splitlines()[0].startswith("pyproject.toml:7 MP103 shop.fetch: No limit in seconds")


def test_without_the_validator_the_commands_say_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("mulligan.config.file", "mulligan.cli.policies"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "msgspec", None)
    for arguments in (["policies", "check"], ["explain", "shop.fetch"]):
        shown = CliRunner().invoke(commands, arguments)
        assert shown.exit_code == 2
        assert "needs msgspec: pip install 'mulligan[config]'" in shown.output
    assert CliRunner().invoke(commands, ["explain", "constant(1)"]).exit_code == 0


def test_the_schema_is_one(file: Path) -> None:
    schema = json.loads(invoke("schema").output)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "policies" in schema["properties"]


def test_a_check_imports_neither_codemods_nor_matplotlib(file: Path) -> None:
    code = (
        "import sys; from mulligan.cli.commands import commands\n"
        "try: commands(['policies', 'check'], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "print(sorted({'mulligan_codemods', 'libcst', 'matplotlib'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_has_examples() -> None:
    for arguments in (["--help"], ["check", "--help"], ["docs", "--help"], ["schema", "--help"]):
        shown = invoke(*arguments)
        assert shown.exit_code == 0
        assert "mulligan policies" in shown.output.partition("xamples:" if "xamples:" in shown.output else "editors")[2]
