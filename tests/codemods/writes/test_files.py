"""Links, permissions, full disks and other people's edits: nothing is half-written, and the rest goes on."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from contextlib import chdir, suppress
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from mulligan_codemods.cli import migrate
from mulligan_codemods.run.stages import Stages, real_stages

from tests.codemods.writes.shop import LOOP, REWRITTEN, migrated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mulligan_codemods.prove.result import Proof
    from mulligan_codemods.site import Site


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give two files with a loop each."""
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    for name in ("a.py", "b.py"):
        (tmp_path / "shop" / name).write_text(LOOP)
    return tmp_path / "shop"


def test_a_link_to_a_file_stays_and_the_file_is_written_once(shop: Path, tmp_path: Path) -> None:
    (shop / "a.py").rename(tmp_path / "real.py")
    (shop / "a.py").symlink_to(tmp_path / "real.py")
    (shop / "c.py").symlink_to("b.py")
    result = migrated("--write", ".")
    assert result.exit_code == 0
    assert "2 safe" in result.stdout
    assert (shop / "a.py").is_symlink()
    assert (shop / "c.py").is_symlink()
    assert (tmp_path / "real.py").read_text() == REWRITTEN
    assert (shop / "b.py").read_text() == REWRITTEN


def test_a_file_with_several_names_is_left_alone(shop: Path) -> None:
    os.link(shop / "a.py", shop / "other name")
    result = migrated("--write", ".")
    assert result.exit_code == 3
    assert "a.py  ML016 has several names" in result.stdout
    assert (shop / "other name").read_text() == (shop / "a.py").read_text() == LOOP
    assert (shop / "b.py").read_text() == REWRITTEN


def test_a_read_only_file_is_left_alone(shop: Path) -> None:
    (shop / "a.py").chmod(0o444)
    result = migrated("--write", ".")
    assert result.exit_code == 3
    assert "a.py  ML008 is read-only" in result.stdout
    assert [(shop / name).read_text() for name in ("a.py", "b.py")] == [LOOP, REWRITTEN]


def test_mode_bits_are_kept(shop: Path) -> None:
    (shop / "a.py").chmod(0o750)
    (shop / "b.py").chmod(0o600)
    assert migrated("--write", ".").exit_code == 0
    assert [stat.S_IMODE((shop / name).stat().st_mode) for name in ("a.py", "b.py")] == [0o750, 0o600]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(shop: Path) -> None:
    os.chown(shop / "a.py", 12345, 12345)
    assert migrated("--write", ".").exit_code == 0
    assert ((shop / "a.py").stat().st_uid, (shop / "a.py").stat().st_gid) == (12345, 12345)


@pytest.mark.parametrize("vanish", [False, True])
def test_a_file_that_changes_while_mulligan_runs_is_left_alone(shop: Path, *, vanish: bool) -> None:
    real = real_stages()

    def prove(before: str, after: str, site: Site, policies: Mapping[str, str]) -> Proof:
        if site.path.endswith("a.py"):
            (shop / "a.py").unlink() if vanish else (shop / "a.py").write_text("mine\n")
        return real.prove(before, after, site, policies)

    stages = Stages(recognise=real.recognise, assign=real.assign, emit=real.emit, prove=prove)
    result = CliRunner().invoke(migrate, ["--no-cache", "--write", "."], obj=stages, catch_exceptions=False)
    assert result.exit_code == 3
    assert "a.py  ML007 changed since it was read" in result.stdout
    assert (shop / "b.py").read_text() == REWRITTEN
    assert vanish == (not (shop / "a.py").exists())
    assert vanish or (shop / "a.py").read_text() == "mine\n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 64 KiB, where that is allowed."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode:  # noqa: S603 -- ours
        pytest.skip("mounting a small tmpfs needs the right to mount (root outside a container)")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 -- the machine's


def test_a_full_disk_leaves_every_file_as_it_was(small_disk: Path) -> None:
    padding = "#" * 9_000 + "\n"
    for name in ("a.py", "b.py"):
        (small_disk / name).write_text(LOOP + padding)
    (small_disk / "retry_policies.py").write_text('"""Policies."""\n')
    with (small_disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096) == 4096:
            pass
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    with chdir(small_disk):
        result = migrated("--write", ".")
    assert result.exit_code == 3
    assert result.stdout.count("ML008 cannot be written: No space left on device") == 3
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == before
    (small_disk / "filler").unlink()
    with chdir(small_disk):
        assert migrated("--write", ".").exit_code == 0
    assert (small_disk / "a.py").read_text() == REWRITTEN + padding
