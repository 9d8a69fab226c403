"""Which files a run looks at."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.discover import discover

if TYPE_CHECKING:
    from pathlib import Path


def tree(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x = 1\n")


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)  # noqa: S603, S607 -- the git of the machine


def below(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    found = discover([str(root / path) for path in paths], exclude)
    return [file.removeprefix(f"{root}/") for file in found.files]


def test_a_folder_is_walked_without_the_folders_that_nobody_means(tmp_path: Path) -> None:
    tree(tmp_path, "b.py", "a/c.py", "a/c.txt", "a/d.pyw", ".hidden/e.py", "venv/f.py", "node_modules/g.py", "env/h.py")
    tree(tmp_path, "env/pyvenv.cfg", "a/__pycache__/i.py")
    assert below(tmp_path, "") == ["a/c.py", "a/d.pyw", "b.py"]


def test_a_named_file_is_always_taken(tmp_path: Path) -> None:
    tree(tmp_path, "venv/f.py", "script")
    assert below(tmp_path, "venv/f.py", "script", exclude=("venv",)) == ["script", "venv/f.py"]


def test_a_file_is_taken_once(tmp_path: Path) -> None:
    tree(tmp_path, "a/b.py")
    (tmp_path / "a" / "a_link.py").symlink_to(tmp_path / "a" / "b.py")
    assert below(tmp_path, "a/b.py", "a", "a/../a") == ["a/b.py"]


@pytest.mark.parametrize("pattern", ["a", "a/", "a/c.py", "*/c.py", "c.py"])
def test_what_matches_a_pattern_is_left_out(tmp_path: Path, pattern: str) -> None:
    tree(tmp_path, "b.py", "a/c.py")
    assert below(tmp_path, "", exclude=(pattern,)) == ["b.py"]


def test_git_tells_what_belongs_to_a_work_tree(tmp_path: Path) -> None:
    tree(tmp_path, "b.py", "build/kept.py", "generated/c.py", "é x.py", "gone.py")
    (tmp_path / ".gitignore").write_text("generated/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "b.py", "gone.py")
    (tmp_path / "gone.py").unlink()
    assert below(tmp_path, "") == ["b.py", "build/kept.py", "é x.py"]
    assert below(tmp_path, "generated") == ["generated/c.py"], "an ignored folder that is named is walked"


def test_a_repository_cannot_make_git_run_anything(tmp_path: Path) -> None:
    tree(tmp_path, "b.py")
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/was_run\n")
    monitor.chmod(0o755)
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "core.fsmonitor", str(monitor))
    assert below(tmp_path, "") == ["b.py"]
    assert not (tmp_path / "was_run").exists()


def test_paths_are_as_the_user_types_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a/b.py", "c.py")
    monkeypatch.chdir(tmp_path)
    assert discover(["."]).files == ("a/b.py", "c.py")
    assert discover(["./a"]).files == ("a/b.py",)


def test_missing_paths_and_notebooks_are_named(tmp_path: Path) -> None:
    tree(tmp_path, "n.ipynb", "below/m.ipynb")
    found = discover([str(tmp_path / "n.ipynb"), str(tmp_path / "below"), str(tmp_path / "gone")])
    assert found.files == ()
    assert found.notebooks == (str(tmp_path / "n.ipynb"),)
    assert found.missing == (str(tmp_path / "gone"),)
