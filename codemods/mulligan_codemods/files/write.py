"""Write files so that nothing is ever half-written.

Rules: everything is planned before anything is written. A file whose bytes are not those that were read is left
alone. A file is written beside itself and then takes the place of the old one in one step; mode bits are kept, a
symbolic link stays and its target is written, once. What the operating system refuses is a value, and the other
files are still written.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Change", "write", "write_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file's bytes before and after; `before` is `None` where the file is new."""

    path: str
    before: bytes | None
    after: bytes


def write_all(changes: Sequence[Change]) -> tuple[Unreadable, ...]:
    """Write the changes in the given order; answer those files that were left alone, and why."""
    answers = (write(change) for change in changes)
    return tuple(answer for answer in answers if answer is not None)


def write(change: Change) -> Unreadable | None:
    """Write one change; `None` says that it was written."""
    target = Path(os.path.realpath(change.path))
    try:
        if _bytes(target) != change.before:
            return Unreadable(path=change.path, code="ML007", message="changed since it was read")
        mode = _mode(target)
        if change.before is not None and not mode & stat.S_IWUSR:
            return Unreadable(path=change.path, code="ML008", message="is read-only")
        return _replace(target, change, mode)
    except OSError as error:
        return Unreadable(path=change.path, code="ML008", message=f"cannot be written: {error.strerror or error}")


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


def _replace(target: Path, change: Change, mode: int) -> Unreadable | None:
    """Write beside the file, look once more whether it changed, then put the new file in its place."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".mulligan")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        if _bytes(target) != change.before:
            return Unreadable(path=change.path, code="ML007", message="changed while it was written")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return None
