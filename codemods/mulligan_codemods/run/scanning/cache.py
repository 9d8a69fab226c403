"""What was found in files before, by their content.

Rules: an entry is valid for the file's path, its bytes, the settings that judge sites, the code of this package and
the running Python; whatever changes one of them misses. The cache lives with the user's caches, never in a
repository, and nothing but this package's own values is read from it. A cache that can't be used is no error: the
work is done again.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import mulligan_codemods
from mulligan import __version__

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

__all__ = ["Cache", "cache_folder", "content_key", "named", "opened", "salt_of"]

PACKAGE = "mulligan_codemods"
PATIENCE = 5.0
"""Seconds to wait for another run that writes."""

LARGEST = 512 * 2**20
"""Bytes; a cache that grew beyond is begun anew."""


def cache_folder() -> Path:
    """Answer where this user's caches are."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "mulligan"


def salt_of(*settings: object) -> bytes:
    """Answer what a key holds besides path and content, given the settings that matter, by their `repr`."""
    told = (__version__, _code(), sys.version, *map(repr, settings))
    return hashlib.blake2b("\0".join(told).encode(), digest_size=16).digest()


def named(function: object) -> str:
    """Answer what a function is called, in every process alike."""
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"


def content_key(salt: bytes, path: str, data: bytes) -> bytes:
    """Answer the key of a file."""
    digest = hashlib.sha256(salt + os.fsencode(path) + b"\0")  # processors have instructions for it
    digest.update(data)
    return digest.digest()[:16]


@lru_cache(maxsize=1)
def _code() -> str:
    """Answer a digest of this package's code: a version number alone would not tell one checkout from another."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(mulligan_codemods.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Cache:
    """Values by key, in one file.

    Args:
        database: an open database.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def known(self, key: bytes) -> tuple[object, ...] | None:
        """Answer the value of a key, `None` where there is none; most values are the empty tuple."""
        try:
            asked = self._database.execute("SELECT value FROM entries WHERE key = ?", (key,))
            found = cast("tuple[bytes] | None", asked.fetchone())
        except _database_error():
            return None
        if found is None or not found[0]:
            return None if found is None else ()
        return _unpickled(found[0])

    def learn(self, values: Iterable[tuple[bytes, tuple[object, ...]]]) -> None:
        """Keep values; where the disk refuses, forget them."""
        rows = ((key, pickle.dumps(value) if value else b"") for key, value in values)
        with suppress(OSError, _database_error()), self._database:
            self._database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def opened(folder: Path) -> Cache | None:
    """Open the cache in a folder, `None` where that is not possible."""
    import sqlite3  # noqa: PLC0415 -- only where there is a cache

    file = folder / "examined.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LARGEST:
            file.unlink()
        return _prepared(file)
    except (OSError, sqlite3.OperationalError):
        return None  # another run holds it, or this one may not write
    except sqlite3.DatabaseError:
        with suppress(OSError, sqlite3.DatabaseError):
            file.unlink()
            return _prepared(file)
    return None


def _prepared(file: Path) -> Cache:
    import sqlite3  # noqa: PLC0415 -- as above

    database = sqlite3.connect(file, timeout=PATIENCE)
    try:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        database.commit()
    except sqlite3.DatabaseError:
        database.close()
        raise
    return Cache(database)


def _database_error() -> type[Exception]:
    import sqlite3  # noqa: PLC0415 -- as above

    return sqlite3.DatabaseError


class _Known(Protocol):
    def load(self) -> object: ...


class _OwnValues(pickle.Unpickler):
    """Read nothing but values of this package."""

    def find_class(self, module: str, name: str) -> object:
        if module.partition(".")[0] != PACKAGE or not name[:1].isupper():
            raise pickle.UnpicklingError(f"{module}.{name} is no value of this package")
        return super().find_class(module, name)


def _unpickled(data: bytes) -> tuple[object, ...] | None:
    reader: _Known = _OwnValues(io.BytesIO(data))
    try:
        value = reader.load()
    except Exception:  # noqa: BLE001 -- a damaged entry can raise anything, and costs nothing but time
        return None
    return cast("tuple[object, ...]", value) if isinstance(value, tuple) else None
