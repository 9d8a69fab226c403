"""New lines are as long as ruff's formatter would leave them."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from mulligan_codemods.files.discover import discover
from mulligan_codemods.files.width import line_length
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.texts.fitting import fitted

from tests.codemods.generated.textbook import textbook

RUFF = Path(sys.executable).parent / "ruff"
LINES = [
    "value = execute(POLICY, fetch_once)",
    "return execute(POLICY.replace(max_attempts=retries), fetch_once)",
    "return Execution(POLICY, on_retry=lambda event: log.warning('%s', event.error)).run(call, url)",
    "result = [execute(POLICY, lambda: client.fetch(url, timeout=TIMEOUT, headers=HEADERS, cookies={}))]",
    "assert execute(POLICY, client.fetch, url), 'a sentence with (brackets, and commas) in a string'",
    "from some.package.of.some.depth import constant, exponential, full_jitter, retry",
]


def formatted(text: str, width: int) -> str:
    ruff = str(RUFF) if RUFF.exists() else shutil.which("ruff")
    assert ruff is not None
    command = [ruff, "format", "--isolated", "--line-length", str(width), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603 -- ruff


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("width", [30, 40, 60, 79, 120])
def test_a_broken_line_means_the_same(line: str, width: int) -> None:
    text = f"def f():\n    {line}\n" if line.startswith("return") else f"{line}\n"
    assert ast.dump(ast.parse(fitted("", text, width))) == ast.dump(ast.parse(text))


@pytest.mark.parametrize("line", [LINES[0], LINES[1], LINES[5]])
@pytest.mark.parametrize("width", [40, 60, 79])
def test_a_broken_line_stands_as_the_formatter_leaves_it(line: str, width: int) -> None:
    text = f"def f():\n    {line}\n" if line.startswith("return") else f"{line}\n"
    text = fitted("", text, width)
    assert formatted(text, width) == text


def test_old_lines_and_comments_are_left_as_they_are() -> None:
    old = "old = call(first_argument, second_argument)\n"
    new = "new = call(first)  # a long comment about it\n"
    assert fitted(old, old + new, 20) == old + new


def test_a_line_that_moved_to_the_left_stays_whole() -> None:
    call = "page = client.fetch(first_argument, second_argument)\n"
    moved = f"def fetch():\n    {call}"
    assert fitted(f"def fetch():\n    for _ in x:\n        {call}", moved, 40) == moved
    assert fitted(f"for _ in x:\n  {call}", moved, 40) != moved


def test_arguments_that_share_a_line_get_a_line_each_before_one_of_them_is_opened() -> None:
    call = "execute(\n    FETCH.replace(max_attempts=retries), client.fetch\n)\n"
    opened = "execute(\n    FETCH.replace(max_attempts=retries),\n    client.fetch,\n)\n"
    assert fitted("", call, 40) == opened
    assert formatted(opened, 40) == opened


def test_what_cannot_be_broken_stays() -> None:
    text = 'name = "a string of more than twenty characters"\nfor_ever = f"""{call(1,\n2)}"""\n'
    assert fitted("", text, 20) == text


@pytest.mark.parametrize("width", [88, 120])
def test_rewrites_are_what_the_formatter_leaves(tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.ruff]\nline-length = {width}\n")
    for place, loop in enumerate(islice(textbook(), 0, None, 30)):
        (tmp_path / f"module_{place}.py").write_text(formatted(loop.text, width))
    monkeypatch.chdir(tmp_path)
    changes = run(discover(["."]).files, real_stages(), Options(prove=True, unsafe=True)).changes
    assert len(changes) > 8
    for change in changes:
        assert formatted(change.after.decode(), width) == change.after.decode(), change.path


@pytest.mark.parametrize(
    ("file", "text", "length"),
    [
        ("pyproject.toml", "[tool.ruff]\nline-length = 79\n", 79),
        ("pyproject.toml", "[tool.black]\nline-length = 110\n", 110),
        ("ruff.toml", "line-length = 72\n", 72),
        ("pyproject.toml", "[tool.ruff]\nselect = []\n", 88),
        ("pyproject.toml", "no toml", 88),
    ],
)
def test_the_length_is_the_projects(tmp_path: Path, file: str, text: str, length: int) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / file).write_text(text)
    (tmp_path / "below").mkdir()
    assert line_length(str(tmp_path / "below" / "a.py"), "x = 1\n") == length


def test_a_file_that_nobody_holds_to_a_length_may_have_longer_lines(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert line_length(str(tmp_path / "a.py"), "x" * 89) == 100
