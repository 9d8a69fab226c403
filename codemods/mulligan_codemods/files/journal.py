"""What the last run wrote, so that it can be taken back.

Rules: the journal is on disk before the first file is written, so a run that was killed can be undone too. It lives
with the user's state, not in the repository, one per working folder. Undoing writes with the same care as the run: a
file that was changed since is left alone. What a killed run left beside its files is deleted.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mulligan_codemods.files.source import Unreadable
from mulligan_codemods.files.write import Change, leftovers, write

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Undone", "journal_of", "record", "undo"]

VERSION = 1


def journal_of(folder: Path) -> Path:
    """Answer the journal of the runs in `folder`."""
    state = os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    return Path(state) / "mulligan" / f"undo-{name}.json"


def record(journal: Path, changes: Sequence[Change]) -> Unreadable | None:
    """Note what is going to be written; answer why that is not possible."""
    entries = [
        {
            "path": os.path.realpath(change.path),
            "before": None if change.before is None else base64.b64encode(change.before).decode(),
            "after": base64.b64encode(change.after).decode(),
        }
        for change in changes
    ]
    text = json.dumps({"version": VERSION, "changes": entries})
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        before = journal.read_bytes() if journal.exists() else None
    except OSError as error:
        return Unreadable(path=str(journal), code="ML008", message=f"cannot be written: {error.strerror or error}")
    return write(Change(path=str(journal), before=before, after=text.encode()))


Undone = tuple[tuple[str, ...], tuple[Unreadable, ...]]
"""The files that are as they were before the run, and those that were left alone."""


def undo(journal: Path) -> Undone | None:
    """Take the last run back, the last change first; `None` where there is no journal."""
    if not journal.exists():
        return None
    recorded = _recorded(journal)
    if isinstance(recorded, Unreadable):
        return (), (recorded,)
    restored: list[str] = []
    errors: list[Unreadable] = []
    for change in reversed(recorded):
        error = _take_back(change)
        if error is None:
            restored.append(change.path)
        else:
            errors.append(error)
    if not errors:
        journal.unlink()
    return tuple(reversed(restored)), tuple(errors)


def _recorded(journal: Path) -> list[Change] | Unreadable:
    try:
        content = cast("dict[str, list[dict[str, str | None]]]", json.loads(journal.read_text(encoding="utf-8")))
        return [
            Change(path=entry["path"] or "", before=_bytes(entry["before"]), after=_bytes(entry["after"]) or b"")
            for entry in content["changes"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return Unreadable(path=str(journal), code="ML001", message="holds no run that can be read")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _take_back(change: Change) -> Unreadable | None:
    path = Path(change.path)
    try:
        for each in leftovers(change.path):
            each.unlink(missing_ok=True)
        now = path.read_bytes() if path.is_file() else None
        if now == change.before:
            return None
        if change.before is not None:
            return write(Change(path=change.path, before=change.after, after=change.before))
        if now != change.after:
            return Unreadable(path=change.path, code="ML007", message="changed since it was written")
        path.unlink()
    except OSError as error:
        return Unreadable(path=change.path, code="ML008", message=f"cannot be restored: {error.strerror or error}")
    return None
