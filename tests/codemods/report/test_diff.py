"""The diffs that a run prints."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.write import Change
from mulligan_codemods.report.diff import unified

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, text: bytes, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, input=text, check=True)  # noqa: S603, S607 -- the machine's git


LONG = b"".join(b"line %d\n" % number for number in range(60))

CASES: dict[str, tuple[str, bytes | None, bytes]] = {
    "one line": ("a.py", b"x = 1\n", b"x = 2\n"),
    "two places": ("a.py", LONG, LONG.replace(b"line 5\n", b"five\n").replace(b"line 50\n", b"")),
    "no final newline before": ("a.py", b"x = 1\ny", b"x = 2\ny\n"),
    "no final newline after": ("a.py", b"x = 1\ny\n", b"x = 1\ny"),
    "no final newline at all": ("a.py", b"w\nx\ny", b"w\nz\ny"),
    "windows line ends": ("a.py", b"x = 1\r\ny\r\n", b"x = 2\r\ny\r\n"),
    "mixed line ends": ("a.py", b"x = 1\ry\r\nz\n", b"x = 2\ry\r\nz\n"),
    "not utf-8": ("a.py", b"# coding: latin-1\nx = '\xe9'\n", b"# coding: latin-1\ny = '\xe9'\n"),
    "form feeds": ("a.py", b"x\n\x0cy\n", b"x\n\x0cz\n"),
    "a new file": ("new.py", None, b"x = 1\n"),
    "a file in a new folder": ("p/q/new.py", None, b"x = 1\n"),
    "a blank in the name": ("a b.py", b"x\n", b"y\n"),
    "a strange name": ('é"\\\t.py', b"x\n", b"y\n"),
    "an empty file filled": ("a.py", b"", b"x\n"),
}


@pytest.mark.parametrize(("name", "before", "after"), CASES.values(), ids=CASES.keys())
def test_git_applies_the_diff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: bytes | None, after: bytes
) -> None:
    """It applies in the folder where it was printed, which lies inside the repository."""
    folder = tmp_path / "inside"
    folder.mkdir()
    git(tmp_path, b"", "init", "-q")
    monkeypatch.chdir(folder)
    if before is not None:
        (folder / name).write_bytes(before)
    diff = unified([Change(path=str(folder / name), before=before, after=after)])
    git(folder, diff, "apply", "--check", "-")
    git(folder, diff, "apply", "-")
    assert (folder / name).read_bytes() == after


def test_several_files_are_one_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_bytes(b"x")
    changes = [Change(path="a.py", before=b"x", after=b"y"), Change(path="p.py", before=None, after=b"z\n")]
    git(tmp_path, unified(changes), "apply", "-")
    assert [(tmp_path / name).read_bytes() for name in ("a.py", "p.py")] == [b"y", b"z\n"]


def test_what_did_not_change_is_not_in_the_diff() -> None:
    assert unified([Change(path="a.py", before=b"x\n", after=b"x\n")]) == b""
