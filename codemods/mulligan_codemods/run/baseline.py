"""The sites that a team knows about, so that only new ones fail.

Rules: an entry is a fingerprint, so edits above a site, comments and layout don't matter; as many sites of one
fingerprint are known as there are entries of it. A file that was renamed keeps its entries. Entries whose file was
looked at, and that no site needs any more, leave the baseline: it only ever tightens by itself, and grows only when
it is asked to.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan_codemods.files.write import Change, write
from mulligan_codemods.rows import COUNTED, Notice
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.files.source import Unreadable
    from mulligan_codemods.rows import Report, Row

__all__ = ["Baseline", "Entry", "compared", "grown", "loaded", "saved"]

VERSION = 1
REMEDY = "write it with mulligan scan --baseline FILE --update-baseline"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """One known site: its file, relative to the baseline's folder, where it stands in it, and its fingerprint."""

    path: str
    qualname: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The known sites, and the file that holds them; `data` is what the file held, `None` where there is none."""

    file: str
    entries: tuple[Entry, ...] = ()
    data: bytes | None = None


def loaded(file: str) -> Baseline:
    """Read a baseline; a file that does not exist knows nothing.

    Raises:
        ConfigError: the file is no baseline.
    """
    try:
        data = Path(file).read_bytes()
    except FileNotFoundError:
        return Baseline(file=file)
    except OSError as error:
        raise ConfigError("--baseline", file, f"make it readable: {error.strerror}") from error
    try:
        content = json.loads(data)
        entries = tuple(Entry(**{name: str(each[name]) for name in NAMES}) for each in content["sites"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError("--baseline", file, REMEDY) from error
    return Baseline(file=file, entries=entries, data=data)


NAMES = ("path", "qualname", "fingerprint")


def compared(report: Report, baseline: Baseline, files: Sequence[str]) -> tuple[Report, Baseline]:
    """Mark the sites that the baseline knows, and answer it without the entries that nothing needs.

    Args:
        report: what a run found.
        baseline: what is known.
        files: the files that were looked at.
    """
    free: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in baseline.entries:
        free[entry.fingerprint].append(entry)
    used: list[Entry] = []
    rows = tuple(_marked(row, baseline, free, used) for row in report.rows)
    skipped = {_relative(error.path, baseline) for error in report.errors}
    seen = {_relative(file, baseline) for file in files} - skipped
    left = [entry for entries in free.values() for entry in entries]
    kept = [entry for entry in left if report.interrupted or not _is_gone(entry, baseline, seen)]
    notices = tuple(_slack(entry) for entry in sorted(set(left) - set(kept)))
    after = replace(baseline, entries=tuple(sorted([*used, *kept])))
    return replace(report, rows=rows, notices=(*report.notices, *notices), baseline=True), after


def grown(report: Report, baseline: Baseline) -> Baseline:
    """Answer the baseline with the report's new sites."""
    entries = (_entry(row, baseline) for row in report.new)
    return replace(baseline, entries=tuple(sorted([*baseline.entries, *entries])))


def saved(baseline: Baseline) -> Unreadable | None:
    """Write the baseline where it changed; answer why that is not possible."""
    sites = [{name: getattr(entry, name) for name in NAMES} for entry in baseline.entries]
    data = (json.dumps({"version": VERSION, "sites": sites}, indent=2) + "\n").encode()
    if data == baseline.data or (baseline.data is None and not sites):
        return None
    return write(Change(path=baseline.file, before=baseline.data, after=data))


def _marked(row: Row, baseline: Baseline, free: defaultdict[str, list[Entry]], used: list[Entry]) -> Row:
    entries = free[row.fingerprint]
    if row.status not in COUNTED or _is_silenced(row) or not entries:
        return row
    here = _entry(row, baseline)
    entries.remove(here if here in entries else entries[0])
    used.append(here)
    return replace(row, known=row.status is not Status.IGNORED)


def _is_silenced(row: Row) -> bool:
    """Tell whether a comment ignores a site; one that options leave out of this run still needs its entry."""
    return row.status is Status.IGNORED and row.reason is not None and row.reason.code == "ML228"


def _entry(row: Row, baseline: Baseline) -> Entry:
    path = _relative(row.site.path, baseline)
    return Entry(path=path, qualname=row.site.qualname, fingerprint=row.fingerprint)


def _relative(path: str, baseline: Baseline) -> str:
    return os.path.relpath(path, Path(baseline.file).parent).replace(os.sep, "/")


def _is_gone(entry: Entry, baseline: Baseline, seen: Iterable[str]) -> bool:
    return entry.path in seen or not (Path(baseline.file).parent / entry.path).exists()


def _slack(entry: Entry) -> Notice:
    message = f"the baseline's entry for {entry.qualname} is no longer needed"
    return Notice(path=entry.path, line=None, code="ML502", message=message)
