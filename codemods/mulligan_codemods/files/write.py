"""Write files so that nothing is ever half-written.

Rules: everything is planned before anything is written. A file whose bytes are not those that were read is left
alone. A file is written beside itself and then takes the place of the old one in one step; mode bits and owner are
kept, a symbolic link stays and its target is written, once; a file with several names (hard links) is left alone,
because it would lose the others. What the operating system refuses is a value, and the other files are still written;
after Ctrl-C none is, and the answer says of each whether it was.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Change", "leftovers", "write", "write_all"]

SUFFIX = ".mulligan"
"""The end of the name under which a file is written before it takes its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file's bytes before and after; `before` is `None` where the file is new."""

    path: str
    before: bytes | None
    after: bytes


def write_all(changes: Sequence[Change]) -> tuple[Unreadable, ...]:
    """Write the changes in the given order; answer those files that were left alone, and why."""
    answers: list[Unreadable | None] = []
    try:
        for change in changes:
            answers.append(write(change))  # noqa: PERF401 -- what was written before Ctrl-C counts
    except KeyboardInterrupt:
        answers += [_interrupted(change) for change in changes[len(answers) :]]
    return tuple(answer for answer in answers if answer is not None)


def _interrupted(change: Change) -> Unreadable | None:
    """Answer what became of a change that was due at Ctrl-C, which may have come just after the write."""
    if _bytes(Path(os.path.realpath(change.path))) == change.after:
        return None
    return Unreadable(path=change.path, code="ML015", message="was not written: the run was interrupted")


def write(change: Change) -> Unreadable | None:
    """Write one change; `None` says that it was written."""
    target = Path(os.path.realpath(change.path))
    try:
        if _bytes(target) != change.before:
            return Unreadable(path=change.path, code="ML007", message="changed since it was read")
        if change.before is not None and target.stat().st_nlink > 1:
            return Unreadable(path=change.path, code="ML016", message="has several names (hard links)")
        mode = _mode(target)
        if change.before is not None and not mode & stat.S_IWUSR:
            return Unreadable(path=change.path, code="ML008", message="is read-only")
        return _replace(target, change, mode)
    except OSError as error:
        return Unreadable(path=change.path, code="ML008", message=f"cannot be written: {error.strerror or error}")


def leftovers(path: str) -> list[Path]:
    """Answer what a run that was killed left beside a file."""
    target = Path(path)
    return [each for each in target.parent.glob(f".*{SUFFIX}") if each.name.startswith(f".{target.name}.")]


def _bytes(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _mode(target: Path) -> int:
    """Answer the mode bits of a file; for a new one those that the process gives to its files."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _keep_owner(target: Path, beside: Path) -> None:
    """Give the new file the owner of the old one, where that is another and the system lets us."""
    if not target.exists():
        return
    old, new = target.stat(), beside.stat()
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):
            os.chown(beside, old.st_uid, old.st_gid)


def _replace(target: Path, change: Change, mode: int) -> Unreadable | None:
    """Write beside the file, look once more whether it changed, then put the new file in its place."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=SUFFIX)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        _keep_owner(target, beside)
        beside.chmod(mode)
        if _bytes(target) != change.before:
            return Unreadable(path=change.path, code="ML007", message="changed while it was written")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return None
