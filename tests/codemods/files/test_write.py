"""Files are replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.write import Change, write, write_all

if TYPE_CHECKING:
    from pathlib import Path


def change(path: Path, before: bytes | None = b"old\n", after: bytes = b"new\r\n") -> Change:
    if before is not None:
        path.write_bytes(before)
    return Change(path=str(path), before=before, after=after)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    assert write(change(tmp_path / "a.py")) is None
    assert (tmp_path / "a.py").read_bytes() == b"new\r\n"
    assert names(tmp_path) == ["a.py"]


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
def test_mode_bits_are_kept(tmp_path: Path, mode: int) -> None:
    planned = change(tmp_path / "a.py")
    (tmp_path / "a.py").chmod(mode)
    assert write(planned) is None
    assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == mode


def test_a_new_file_gets_the_usual_mode_bits(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_bytes(b"")
    assert write(change(tmp_path / "a.py", before=None)) is None
    assert (tmp_path / "a.py").stat().st_mode == (tmp_path / "other.py").stat().st_mode


def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("a.py")
    planned = change(tmp_path / "a.py")
    assert write(Change(path=str(tmp_path / "link.py"), before=planned.before, after=planned.after)) is None
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "a.py").read_bytes() == b"new\r\n"


@pytest.mark.parametrize(("before", "now"), [(b"old\n", b"other\n"), (None, b"somebody's\n")])
def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path, before: bytes | None, now: bytes) -> None:
    planned = change(tmp_path / "a.py", before=before)
    (tmp_path / "a.py").write_bytes(now)
    answer = write(planned)
    assert answer is not None
    assert answer.code == "ML007"
    assert (tmp_path / "a.py").read_bytes() == now
    assert names(tmp_path) == ["a.py"]


def test_a_file_that_vanished_is_left_alone(tmp_path: Path) -> None:
    planned = change(tmp_path / "a.py")
    (tmp_path / "a.py").unlink()
    answer = write(planned)
    assert answer is not None
    assert answer.code == "ML007"
    assert names(tmp_path) == []


def test_a_change_during_the_write_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = change(tmp_path / "a.py")

    def fsync(_: int) -> None:
        (tmp_path / "a.py").write_bytes(b"other\n")

    monkeypatch.setattr(os, "fsync", fsync)
    answer = write(planned)
    assert answer is not None
    assert answer.code == "ML007"
    assert (tmp_path / "a.py").read_bytes() == b"other\n"
    assert names(tmp_path) == ["a.py"]


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    planned = change(tmp_path / "a.py")
    (tmp_path / "a.py").chmod(0o444)
    answer = write(planned)
    assert answer is not None
    assert answer.code == "ML008"
    assert (tmp_path / "a.py").read_bytes() == b"old\n"


def test_a_full_disk_leaves_the_file_as_it_was_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [OSError(errno.ENOSPC, "No space left on device")]

    def fsync(_: int) -> None:
        if full:
            raise full.pop()

    monkeypatch.setattr(os, "fsync", fsync)
    (answer,) = write_all([change(tmp_path / "a.py"), change(tmp_path / "b.py")])
    assert (answer.path, answer.code) == (str(tmp_path / "a.py"), "ML008")
    assert (tmp_path / "a.py").read_bytes() == b"old\n"
    assert (tmp_path / "b.py").read_bytes() == b"new\r\n"
    assert names(tmp_path) == ["a.py", "b.py"]
