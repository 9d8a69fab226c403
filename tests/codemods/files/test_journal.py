"""Taking the last run back."""

from __future__ import annotations

from pathlib import Path

import pytest
from mulligan_codemods.files.journal import journal_of, record, undo
from mulligan_codemods.files.write import Change, write_all


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's state below the temporary folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def changes(folder: Path) -> list[Change]:
    folder.mkdir()
    (folder / "a.py").write_bytes(b"old\r\n")
    return [
        Change(path=str(folder / "new.py"), before=None, after=b"policies"),
        Change(path=str(folder / "a.py"), before=b"old\r\n", after=b"new\xff"),
    ]


def test_every_file_is_as_it_was(tmp_path: Path) -> None:
    journal, planned = journal_of(tmp_path), changes(tmp_path / "shop")
    assert record(journal, planned) is None
    assert write_all(planned) == ()
    assert undo(journal) == ((planned[0].path, planned[1].path), ())
    assert (tmp_path / "shop" / "a.py").read_bytes() == b"old\r\n"
    assert not (tmp_path / "shop" / "new.py").exists()
    assert undo(journal) is None


def test_a_run_that_was_killed_halfway_is_undone(tmp_path: Path) -> None:
    journal, planned = journal_of(tmp_path), changes(tmp_path / "shop")
    record(journal, planned)
    write_all(planned[:1])
    assert undo(journal) == ((planned[0].path, planned[1].path), ())
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["a.py"]


@pytest.mark.parametrize("name", ["a.py", "new.py"])
def test_a_file_that_was_changed_since_is_left_alone_and_can_be_undone_later(tmp_path: Path, name: str) -> None:
    journal, planned = journal_of(tmp_path), changes(tmp_path / "shop")
    record(journal, planned)
    write_all(planned)
    written = (tmp_path / "shop" / name).read_bytes()
    (tmp_path / "shop" / name).write_bytes(b"mine")
    answer = undo(journal)
    assert answer is not None
    assert [(error.path, error.code) for error in answer[1]] == [(str(tmp_path / "shop" / name), "ML007")]
    assert (tmp_path / "shop" / name).read_bytes() == b"mine"
    (tmp_path / "shop" / name).write_bytes(written)
    assert undo(journal) == ((planned[0].path, planned[1].path), ())


def test_each_folder_has_its_journal(tmp_path: Path) -> None:
    assert journal_of(tmp_path) != journal_of(tmp_path / "shop")


def test_a_later_run_replaces_the_journal(tmp_path: Path) -> None:
    journal, planned = journal_of(tmp_path), changes(tmp_path / "shop")
    record(journal, planned[:1])
    record(journal, planned[1:])
    write_all(planned)
    assert undo(journal) == ((planned[1].path,), ())
    assert (tmp_path / "shop" / "new.py").exists()


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b'{"version": 1}', b'{"changes": [{"path": "a.py"}]}'])
def test_a_journal_that_cannot_be_read_undoes_nothing_and_stays(tmp_path: Path, data: bytes) -> None:
    journal, planned = journal_of(tmp_path), changes(tmp_path / "shop")
    record(journal, planned)
    write_all(planned)
    journal.write_bytes(data)
    answer = undo(journal)
    assert answer is not None
    assert [(error.path, error.code) for error in answer[1]] == [(str(journal), "ML001")]
    assert (tmp_path / "shop" / "a.py").read_bytes() == b"new\xff"
    assert journal.read_bytes() == data


def test_what_the_system_refuses_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, planned = journal_of(tmp_path), changes(tmp_path / "shop")
    record(journal, planned)
    write_all(planned)

    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if str(path) == planned[0].path:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    answer = undo(journal)
    assert answer is not None
    assert [(error.path, error.code) for error in answer[1]] == [(planned[0].path, "ML008")]
    assert answer[0] == (planned[1].path,)
