"""Which files differ from a revision."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.changed import changed_since

from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607 -- ours


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a repository with the same file three times, two of them below a folder."""
    root = tmp_path / "repository"
    (root / "below").mkdir(parents=True)
    for name in ("a.py", "below/b.py", "below/é c.py"):
        (root / name).write_bytes(b"x = 1\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


def files(root: Path) -> list[str]:
    return sorted(str(path) for path in root.rglob("*.py"))


def names(root: Path, revision: str = "HEAD") -> list[str]:
    return [file.rpartition("/")[2] for file in changed_since(revision, files(root))]


def test_nothing_has_changed_after_a_commit(repository: Path) -> None:
    assert names(repository) == []


def test_edited_and_unknown_files_have_changed(repository: Path) -> None:
    (repository / "below" / "é c.py").write_text("x = 2\n")
    (repository / "new.py").touch()
    assert names(repository) == ["é c.py", "new.py"]


def test_what_was_committed_since_counts(repository: Path) -> None:
    (repository / "a.py").write_text("x = 2\n")
    git(repository, "commit", "-q", "-a", "-m", "second")
    assert names(repository) == []
    assert names(repository, "HEAD~1") == ["a.py"]


def test_line_ends_of_the_checkout_are_no_change(repository: Path) -> None:
    (repository / "a.py").write_bytes(b"x = 1\r\n")
    assert names(repository) == []


def test_a_folder_below_the_root_is_enough(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "below")
    (repository / "below" / "b.py").write_text("x = 2\n")
    assert changed_since("main", ["b.py", "é c.py"]) == ("b.py",)


@pytest.mark.parametrize("revision", ["gone", "--output=x", ""])
def test_an_unknown_revision_is_a_clear_error(repository: Path, revision: str) -> None:
    with pytest.raises(ConfigError, match="--changed-since"):
        changed_since(revision, files(repository))
    assert not (repository / "x").exists()


def test_outside_a_work_tree_there_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    with pytest.raises(ConfigError, match="work tree"):
        changed_since("HEAD", [str(tmp_path / "a.py")])


def test_filters_of_the_repository_are_not_run(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py filter=spy\n")
    git(repository, "config", "filter.spy.clean", f"touch {repository}/was_run; cat")
    (repository / "a.py").write_text("x = 2\n")
    assert names(repository) == ["a.py"]
    assert not (repository / "was_run").exists()
