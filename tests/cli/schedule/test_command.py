"""`mulligan schedule` shows what a schedule does, as text, JSON, CSV or a picture."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from mulligan.cli.commands import commands
from mulligan.cli.schedule.rows import rows_of
from mulligan.cli.schedule.text import print_rows
from mulligan.schedules import constant, decorrelated, equal_jitter, exponential, full_jitter

if TYPE_CHECKING:
    from pathlib import Path

JITTERED = "exponential(0.1, cap=10).jittered(full_jitter())"


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(commands, ["schedule", *arguments])


def test_text_shows_a_row_for_each_retry() -> None:
    shown = invoke(JITTERED, "--count", "8", "--seed", "7")
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert lines[0] == "exponential(0.1, factor=2, cap=10).jittered(full_jitter())  seed 7"
    assert lines[1].split() == ["retry", "delay", "least", "greatest", "mean", "cumulative"]
    assert lines[2].split()[:11] == ["1", "39", "ms", "0", "s", "100", "ms", "50", "ms", "39", "ms"]
    assert len(lines) == 10
    assert "\x1b" not in shown.output
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_end_of_a_schedule_is_said() -> None:
    assert invoke("from_delays([1, 2])").output.splitlines()[-1] == "ends after 2 retries"
    assert invoke("constant(1).take(1)").output.splitlines()[-1] == "ends after 1 retry"
    assert invoke("from_delays([])").output.splitlines()[-1] == "ends after 0 retries"


def test_json_holds_full_numbers() -> None:
    document = json.loads(invoke(JITTERED, "--format", "json", "--seed", "7", "-n", "3").output)
    schedule = exponential(0.1, cap=10).jittered(full_jitter())
    assert document["schedule"] == repr(schedule)
    assert (document["version"], document["seed"]) == (1, 7)
    assert [row["delay"] for row in document["retries"]] == list(schedule.take(3).delays(seed=7))
    assert document["retries"][2] == {
        "retry": 3,
        "delay": document["retries"][2]["delay"],
        "least": 0.0,
        "greatest": 0.4,
        "mean": 0.2,
        "mean_exact": True,
        "cumulative": sum(schedule.take(3).delays(seed=7)),
    }


def test_csv_has_a_line_of_names() -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("linear(1)", "--format", "csv", "-n", "3").output)))
    assert [row["cumulative"] for row in rows] == ["1.0", "3.0", "6.0"]
    assert [*rows[0]] == ["retry", "delay", "least", "greatest", "mean", "mean_exact", "cumulative"]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("exponential(-1)", "base=-1: give seconds from 0 to 1e+09"),
        ("exponential(1, cap=0.5)", "cap=0.5: give a cap that isn't below base=1.0"),
        ("decorrelated(1).capped(3)", "cap first, then jitter"),
        ("exec('1')", "schedule='exec': no such function; use additive_jitter"),
        ("", "write it as Python does"),
    ],
)
def test_a_wrong_expression_is_a_usage_error_with_a_caret(expression: str, said: str) -> None:
    shown = invoke(expression)
    assert shown.exit_code == 2
    assert said in shown.output
    assert shown.output.rstrip().endswith("^")


@pytest.mark.parametrize("arguments", [["-n", "0"], ["--format", "xml"], ["--plot", "a.pdf"], ["--seed", "x"]])
def test_wrong_options_are_usage_errors(arguments: list[str]) -> None:
    assert invoke("constant(1)", *arguments).exit_code == 2


def printed(width: int, *, terminal: bool = False, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    console = Console(
        file=io.TextIOWrapper(raw, encoding=encoding, write_through=True),
        width=width,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        _environ={},
    )
    print_rows(console, rows_of(exponential(1, cap=8).jittered(equal_jitter()), count=4, seed=1))
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [20, 36, 60, 80, 200])
@pytest.mark.parametrize("terminal", [False, True])
def test_no_line_is_wider_than_the_terminal_and_no_cell_is_cut(width: int, terminal: bool) -> None:
    lines = re.sub(r"\x1b\[[0-9;]*m", "", printed(width, terminal=terminal)).splitlines()
    assert len(lines) == (6 if terminal else 5)
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)


def test_narrow_terminals_lose_the_bounds_first_then_the_sums() -> None:
    shown = {width: printed(width) for width in (80, 60, 40, 20)}
    assert ["█" in text for text in shown.values()] == [True, False, True, False]
    assert ["greatest" in text for text in shown.values()] == [True, True, False, False]
    assert ["cumulative" in text for text in shown.values()] == [True, True, True, False]
    assert all("delay" in text for text in shown.values())


def test_colours_are_for_terminals_and_bars_for_unicode() -> None:
    assert "\x1b[" in printed(80, terminal=True)
    assert "\x1b[" not in printed(80)
    assert "#" in printed(80, encoding="ascii")


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;36m" in invoke("constant(1)").output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "36m" not in invoke("constant(1)").output


def test_estimated_means_are_marked() -> None:
    lines = invoke("decorrelated(1, cap=4)", "-n", "3").output.splitlines()
    assert "~" not in lines[2]
    assert "~" in lines[4]
    assert not rows_of(decorrelated(1, cap=4), count=3, seed=0)[2].mean_exact


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_plot_draws_a_file(tmp_path: Path, suffix: str, start: bytes) -> None:
    path = tmp_path / f"envelope.{suffix}"
    shown = invoke(JITTERED, "--plot", str(path))
    assert shown.exit_code == 0
    assert f"wrote {path}" in shown.stderr
    first = path.read_bytes()
    assert first.startswith(start)
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208 - hidden files too
    assert invoke(JITTERED, "--plot", str(path)).exit_code == 0
    assert path.read_bytes() == first


def test_a_picture_that_cannot_be_written_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    shown = invoke("constant(1)", "--plot", str(tmp_path / "missing" / "envelope.svg"))
    assert shown.exit_code == 1
    assert "envelope.svg" in shown.stderr
    assert not isinstance(shown.exception, OSError)


def test_without_matplotlib_plot_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("schedule.picture", "drawing"):
        monkeypatch.delitem(sys.modules, f"mulligan.cli.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    shown = invoke("constant(1)", "--plot", str(tmp_path / "envelope.svg"))
    assert shown.exit_code == 2
    assert "--plot needs matplotlib: pip install 'mulligan[plot]'" in shown.stderr


def test_a_schedule_of_no_retries_can_be_drawn(tmp_path: Path) -> None:
    assert invoke("from_delays([])", "--plot", str(tmp_path / "empty.svg")).exit_code == 0
    assert rows_of(constant(1).take(0), count=3, seed=0) == ()


def test_a_long_schedule_has_a_title_that_fits(tmp_path: Path) -> None:
    path = tmp_path / "long.svg"
    long = "from_delays([" + "1, " * 60 + "2]).take(3).then(constant(1).jittered(full_jitter()).take(2)).within(100)"
    assert invoke(long, "--plot", str(path)).exit_code == 0
    titles = re.findall(r"<!-- +(.*?) -->", path.read_text(encoding="utf-8"))
    assert any(title.endswith("...") for title in titles)
    assert max(map(len, titles)) <= 90
