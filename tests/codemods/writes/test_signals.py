"""Ctrl-C and kill in the middle of everything: each file is the old one or the new one, and the report says which."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.codemods.writes.shop import LOOP, REWRITTEN, migrated

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("a.py", "b.py", "c.py")

IN_A_WRITE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from mulligan_codemods.cli import migrate
real, calls = os.fsync, []
def fsync(handle):
    calls.append(handle)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    real(handle)
os.fsync = fsync
migrate(["--no-cache", "--write", "--jobs", "1", "."])
"""

IN_A_PROOF = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from mulligan_codemods.cli import migrate
from mulligan_codemods.run.stages import Stages, real_stages
real = real_stages()
def prove(before, after, site, policies):
    if site.path.endswith("b.py"):
        os.kill(os.getppid() if sys.argv[1] == "2" else os.getpid(), signal.SIGINT)
        if sys.argv[1] == "2":
            import time
            time.sleep(60)
    return real.prove(before, after, site, policies)
if __name__ == "__main__":
    stages = Stages(recognise=real.recognise, assign=real.assign, emit=real.emit, prove=prove)
    migrate(["--no-cache", "--write", "--jobs", sys.argv[1], "."], obj=stages)
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give three files with a loop each."""
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    for name in NAMES:
        (tmp_path / "shop" / name).write_text(LOOP)
    return tmp_path / "shop"


def ran(script: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    script.write_text(text)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)  # noqa: S603 -- ours


def states(shop: Path) -> list[str]:
    known = {LOOP: "old", REWRITTEN: "new"}
    return [known.get((shop / name).read_text(), "broken") for name in NAMES]


@pytest.mark.parametrize("files", [0, 1, 2, 3])
def test_ctrl_c_in_a_write_reports_what_was_written(shop: Path, tmp_path: Path, files: int) -> None:
    """Of the writes the first is the journal's, the second the policies module's."""
    result = ran(tmp_path / "script.py", IN_A_WRITE, "SIGINT", str(files + 2))
    assert result.returncode == 130, result.stderr
    assert states(shop) == ["new" if index < files - 1 else "old" for index in range(3)]
    assert result.stdout.count("ML015 was not written: the run was interrupted") == 3 - max(files - 1, 0) + (files == 0)
    assert result.stdout.count("✔ written") == max(files - 1, 0)
    assert "Interrupted: this is what was done so far." in result.stdout
    assert not list(shop.glob(".*"))
    assert migrated("--undo").exit_code == 0
    assert states(shop) == ["old"] * 3


@pytest.mark.parametrize("files", [0, 1, 2, 3])
def test_a_kill_in_a_write_leaves_whole_files_and_can_be_undone(shop: Path, tmp_path: Path, files: int) -> None:
    result = ran(tmp_path / "script.py", IN_A_WRITE, "SIGKILL", str(files + 2))
    assert result.returncode == -signal.SIGKILL
    assert states(shop) == ["new" if index < files - 1 else "old" for index in range(3)]
    assert migrated("--undo").exit_code == 0
    assert sorted(path.name for path in shop.iterdir()) == list(NAMES), "what was written beside is gone too"
    assert states(shop) == ["old"] * 3


IN_DISCOVERY = """
from mulligan_codemods.cli import migrate, running
def discover(paths, exclude):
    raise KeyboardInterrupt
running.discover = discover
migrate(["--write", "."])
"""


def test_ctrl_c_before_anything_was_found_has_the_same_code(shop: Path, tmp_path: Path) -> None:
    result = ran(tmp_path / "script.py", IN_DISCOVERY)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "Interrupted.\n")
    assert states(shop) == ["old"] * 3


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_in_a_proof_writes_nothing_and_reports_what_was_done(shop: Path, tmp_path: Path, jobs: str) -> None:
    result = ran(tmp_path / "script.py", IN_A_PROOF, jobs)
    assert result.returncode == 130, result.stderr
    assert states(shop) == ["old"] * 3
    assert "Interrupted: this is what was done so far." in result.stdout
    assert "Found 3 retries in 3 files" in result.stdout
    assert "✔ written" not in result.stdout
