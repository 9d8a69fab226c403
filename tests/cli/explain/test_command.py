"""`mulligan explain` says what a policy does, as text, JSON or a picture, and holds assertions."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from mulligan import UNLIMITED, Policy, constant, decorrelated, exponential, from_delays, full_jitter
from mulligan.cli.commands import commands
from mulligan.cli.explain.subjects import Subject
from mulligan.cli.explain.text import print_explanation
from mulligan.explain import explained

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan.schedules import Schedule

EXPRESSION = "Policy(max_attempts=4, timeout=20, schedule=exponential(1, cap=8).jittered(full_jitter()))"
TOML = """
[policies.shop.fetch]
retry_on = "nowhere_at_all:Error"
schedule = "constant(1)"
max_attempts = 9
timeout = 20
budget = "bank"
ignore = ["MP101"]
[budgets.bank]
model = "quota"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(commands, ["explain", *arguments])


def test_text_says_everything() -> None:
    shown = invoke(EXPRESSION, "--failure-rate", "0.5", "--latency", "0.2", "--layers", "3")
    assert shown.exit_code == 0
    lines = [line.rstrip() for line in shown.output.splitlines()]
    assert lines[:3] == [EXPRESSION, "  exponential(1, factor=2, cap=8).jittered(full_jitter())", ""]
    assert lines[3].split() == ["retry", "least", "50%", "90%", "99%", "greatest", "mean"]
    assert lines[4].split()[:13] == ["1", "0", "s", "500", "ms", "900", "ms", "990", "ms", "1", "s", "500", "ms"]
    assert lines[-6:] == [
        "when 0.5 of the attempts fail and each takes 200 ms:",
        "  succeeds   93.8%",
        "  attempts   1.88 expected, at most 4",
        "  wall time  1.12 s expected, at worst 7.8 s",
        "  timeout    20 s: never reached, the attempts are used up before",
        "  load       6.59 times through 3 layers, 64 times in an outage",
    ]


def test_findings_have_their_codes() -> None:
    shown = invoke("constant(1)")
    assert "MP101 The delays have no jitter: constant(1) gives every client the same delays" in shown.output


def test_json_holds_full_numbers() -> None:
    document = json.loads(invoke(EXPRESSION, "--format", "json", "--failure-rate", "0.5").output)
    assert document["worst_case"] == {"value": 7.4, "exact": True}
    assert document["success"] == {"value": 0.9375, "exact": True}
    assert document["retries"][1] == {
        "retry": 2,
        "least": 0.0,
        "p50": 1.0,
        "p90": 1.8,
        "p99": 1.98,
        "greatest": 2.0,
        "mean": 1.0,
        "exact": True,
    }
    assert document["timeout"] == {"reached": "never", "share": {"value": 0.0, "exact": True}}


def test_what_has_no_limit_is_null_in_json() -> None:
    document = json.loads(invoke("Policy(max_attempts=UNLIMITED)", "--format", "json").output)
    assert document["worst_case"] == {"value": None, "exact": True}
    assert document["most_attempts"] is None
    assert [each["code"] for each in document["findings"]] == ["MP104"]


class TestSubjects:
    def test_a_name_is_looked_up_in_the_nearest_file_without_an_import(self, tmp_path: Path) -> None:
        (tmp_path / "policies.toml").write_text(TOML)
        shown = invoke("shop.fetch")
        assert shown.output.startswith("shop.fetch  policies.toml:2\n")
        assert "MP101" not in shown.output
        assert "MP108" not in shown.output

    def test_a_name_that_is_not_there_is_guessed(self, tmp_path: Path) -> None:
        (tmp_path / "other.toml").write_text(TOML)
        shown = invoke("shop.fetsh", "--file", "other.toml")
        assert shown.exit_code == 2
        assert "did you mean shop.fetch?" in shown.output

    def test_a_policy_or_a_pipeline_of_a_module_is_imported(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "shop_policies_x.py").write_text(
            "from mulligan import Pipeline, Policy\n"
            "from mulligan.guards import Budget\n"
            "FETCH = Policy(name='shop.fetch', retry_on=OSError, max_attempts=9, timeout=30)\n"
            "GUARDED = Pipeline(FETCH, guards=[Budget()])\n"
        )
        monkeypatch.setattr(sys, "path", list(sys.path))
        assert "MP108" in invoke("shop_policies_x:FETCH").output
        assert "MP108" not in invoke("shop_policies_x:GUARDED").output
        assert str(tmp_path) not in sys.path

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("nowhere_at_all:X", "there is no module nowhere_at_all"),
            ("json:dumps", "it is function: name a Policy or a Pipeline"),
            ("shop.fetch", "or give --file, module:NAME, or an expression"),
            ("Policy(max_attempts=0)", "give a whole number from 1"),
            ("exponential(", "write it as Python does"),
        ],
    )
    def test_what_is_no_policy_is_a_usage_error(self, text: str, said: str) -> None:
        shown = invoke(text)
        assert shown.exit_code == 2
        assert said in shown.output


def test_the_shell_completes_the_names_of_the_nearest_file(tmp_path: Path) -> None:
    def completed(text: str) -> str:
        words = {"_MULLIGAN_COMPLETE": "bash_complete", "COMP_WORDS": f"mulligan explain {text}", "COMP_CWORD": "2"}
        return CliRunner(env=words).invoke(commands, prog_name="mulligan").output.strip()

    assert completed("sh") == ""
    (tmp_path / "policies.toml").write_text(TOML)
    assert completed("sh") == "plain,shop.fetch"
    assert completed("x") == ""


class TestAssertions:
    def test_one_that_holds_is_exit_code_0(self) -> None:
        assert invoke(EXPRESSION, "--assert", "worst_case < 30 and findings == 0").exit_code == 0

    def test_one_that_does_not_is_exit_code_1(self) -> None:
        shown = invoke(EXPRESSION, "--assert", "success > 0.5", "--assert", "worst_case < 3")
        assert shown.exit_code == 1
        assert shown.stderr == "does not hold: worst_case < 3 (worst_case is 7.4)\n"

    def test_what_is_no_assertion_is_a_usage_error_with_a_caret(self) -> None:
        shown = invoke(EXPRESSION, "--assert", "worst < 3")
        assert shown.exit_code == 2
        assert shown.stderr.endswith("\n  worst < 3\n  ^\n")


@pytest.mark.parametrize(
    "arguments", [["--failure-rate", "2"], ["--latency", "-1"], ["--layers", "0"], ["-n", "0"], ["--plot", "a.pdf"]]
)
def test_wrong_options_are_usage_errors(arguments: list[str]) -> None:
    assert invoke(EXPRESSION, *arguments).exit_code == 2


@pytest.mark.parametrize(("suffix", "magic"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
@pytest.mark.parametrize("text", [EXPRESSION, "Policy(max_attempts=1)", "Policy(timeout=9, schedule=constant(3))"])
def test_a_picture_is_drawn(tmp_path: Path, suffix: str, magic: bytes, text: str) -> None:
    path = tmp_path / f"explained{suffix}"
    assert invoke(text, "--plot", str(path)).exit_code == 0
    assert path.read_bytes().startswith(magic)


def printed(policy: Policy[object], width: int, encoding: str = "utf-8", *, terminal: bool = False) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True, errors="replace")
    console = Console(file=file, width=width, force_terminal=terminal, color_system=None, _environ={})
    print_explanation(console, Subject(policy=policy, title="a", origin=""), explained(policy))
    return raw.getvalue().decode(encoding)


TIMED = Policy(retry_on=OSError, schedule=exponential(1, cap=9).jittered(full_jitter()), max_attempts=6, timeout=12)


@pytest.mark.parametrize("width", [30, 48, 60, 80, 120, 200])
@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("schedule", [TIMED.schedule, constant(1)])
def test_the_table_fills_the_terminal_and_no_cell_is_cut(width: int, terminal: bool, schedule: Schedule) -> None:
    table = printed(TIMED.replace(schedule=schedule), width, terminal=terminal).split("\n\n")[1]
    assert max(map(len, table.splitlines())) <= width
    assert "…" not in table


def test_what_a_narrow_terminal_breaks_goes_on_below_itself() -> None:
    shown = printed(TIMED.replace(timeout=60), 40)
    assert "\n  timeout    1 min: never reached, the\n             attempts are used up before\n" in shown


def test_narrow_terminals_lose_columns_and_never_the_figures() -> None:
    shown = {width: printed(TIMED, width) for width in (120, 48, 30)}
    assert ["90%" in text.split("when")[0] for text in shown.values()] == [True, False, False]
    assert ["mean" in text for text in shown.values()] == [True, True, False]
    assert all("wall time" in text for text in shown.values())


def test_an_output_that_is_not_unicode_gets_ascii_bars() -> None:
    table = printed(TIMED, 100, encoding="ascii").split("\n\n")[1]
    assert "|" in table
    assert "?" not in table


def test_estimates_and_bounds_are_marked() -> None:
    policy = Policy(retry_on=OSError, schedule=decorrelated(1, cap=9), max_attempts=6, timeout=12)
    shown = printed(policy, 100)
    assert "~" in shown.splitlines()[4]
    assert "at worst ≤ 12.1 s" in shown
    assert "of the executions that never succeed" in shown


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (TIMED.replace(max_attempts=UNLIMITED, timeout=None), "without a limit"),
        (TIMED.replace(max_attempts=UNLIMITED, timeout=None), "at worst without end"),
        (TIMED.replace(timeout=None, stop_after=60), "stop_after 1 min: never reached"),
        (TIMED.replace(timeout=20, stop_after=9), "20 s and stop_after 9 s: "),
        (TIMED.replace(schedule=constant(5), timeout=12), "at most 3 of 6"),
        (TIMED.replace(max_attempts=3_000, timeout=None), "3,000 times in an outage"),
        (TIMED.replace(schedule=from_delays([])), "at most 1 of 6"),
    ],
)
def test_figures_are_said_in_words(policy: Policy[object], said: str) -> None:
    assert said in printed(policy, 120)


def test_an_endless_policy_takes_endlessly_many_attempts_in_an_outage() -> None:
    shown = invoke("Policy(max_attempts=UNLIMITED)", "--failure-rate", "1")
    assert "load       endlessly many times, endlessly many times in an outage" in shown.output
    assert "wall time  without end expected, at worst without end" in shown.output


def test_a_share_that_is_nearly_all_is_not_rounded_to_all() -> None:
    assert "succeeds   99.99999%" in invoke("Policy(max_attempts=7)").output


def test_without_matplotlib_plot_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("explain.picture", "drawing"):
        monkeypatch.delitem(sys.modules, f"mulligan.cli.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    shown = invoke(EXPRESSION, "--plot", str(tmp_path / "a.svg"))
    assert shown.exit_code == 2
    assert "--plot needs matplotlib: pip install 'mulligan[plot]'" in shown.stderr


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    shown = invoke(EXPRESSION, "--plot", str(tmp_path / "nowhere" / "a.svg"))
    assert shown.exit_code == 1
    assert list(tmp_path.iterdir()) == []
