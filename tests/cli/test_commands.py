"""The group `mulligan`: help, version, commands of other packages, and what is missing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from mulligan import __main__, __version__
from mulligan.cli import lazy
from mulligan.cli.commands import commands

if TYPE_CHECKING:
    import click


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "mulligan", *arguments], capture_output=True, text=True, check=False
    )


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"mulligan, version {__version__}")


def test_help_lists_the_commands_and_examples() -> None:
    shown = CliRunner().invoke(commands, ["--help"])
    assert shown.exit_code == 0
    for part in ("scan", "migrate", "rule", "schedule", "Examples:", "_MULLIGAN_COMPLETE"):
        assert part in shown.output
    assert "..." not in shown.output.partition("Commands:")[2], "a summary is cut off"


@pytest.mark.parametrize(
    ("name", "said"),
    [("xyz", "No such command 'xyz'."), ("shedule", "No such command 'shedule': did you mean schedule?")],
)
def test_an_unknown_command_is_a_usage_error(name: str, said: str) -> None:
    shown = CliRunner().invoke(commands, [name])
    assert shown.exit_code == 2
    assert said in shown.output


def test_schedule_imports_no_codemod_and_no_matplotlib() -> None:
    code = (
        "import sys; from mulligan.cli.commands import commands;"
        "commands(['schedule', 'constant(1)', '-n', '1'], standalone_mode=False);"
        "print(sorted({'mulligan_codemods', 'libcst', 'matplotlib'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_command_whose_extra_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def load(self) -> click.Command:
            raise ModuleNotFoundError("No module named 'libcst'", name="libcst")

    class Found(list[Broken]):
        names = frozenset({"scan"})

    def broken_entry_points(**_: str) -> Found:
        return Found([Broken()])

    monkeypatch.setattr(lazy, "entry_points", broken_entry_points)
    shown = CliRunner().invoke(commands, ["scan", ".", "--format", "json"])
    assert shown.exit_code == 2
    assert "mulligan scan needs libcst: pip install 'mulligan[codemod]'" in shown.output
    assert "needs libcst" in CliRunner().invoke(commands, ["--help"]).output


def test_without_click_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find_nothing(_name: str) -> None:
        return None

    monkeypatch.setattr(__main__, "find_spec", find_nothing)
    with pytest.raises(SystemExit) as stopped:
        __main__.main()
    assert stopped.value.code == 2
    assert capsys.readouterr().err.strip().endswith("needs click and rich: pip install 'mulligan[cli]'")
