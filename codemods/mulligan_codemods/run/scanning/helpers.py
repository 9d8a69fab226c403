"""The retry engines of a project, with how often each is used in the files that were scanned.

Rules: nothing is read where there is no engine; a file is parsed again only where its bytes import an engine, or its
module and name it as an attribute; what was counted in a file is kept in the cache.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mulligan.compat.symbols import Library, Symbol
from mulligan_codemods.central.homes import module_name
from mulligan_codemods.files.source import Unreadable, bytes_of, decode, parse
from mulligan_codemods.rows import FoundHelper
from mulligan_codemods.run.scanning.cache import content_key, salt_of
from mulligan_codemods.uses.helpers import helper_name
from mulligan_codemods.uses.sightings import Role, sightings, uses_in
from mulligan_codemods.uses.tables import tables_for

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.config import Config
    from mulligan_codemods.run.scanning.cache import Cache
    from mulligan_codemods.run.scanning.examine import Examined
    from mulligan_codemods.uses.engines import Engine
    from mulligan_codemods.uses.tables import Tables

__all__ = ["found_helpers"]

NAMED = rb"\.%b\b|\bimport\b(?:[ \t]*\([^)]*|(?:\\\r?\n|[^\n(])*)\b%b\b"
"""A name that is taken from something, or imported."""

Uses: TypeAlias = tuple[tuple[str, int], ...]
"""How often a file uses each engine, by the engines' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An engine.

    Args:
        path: its file.
        name: its name in a mapping.
        engine: what it is.
        tables: what its uses are found by.
        named: the pattern without which a file does not use it.
    """

    path: str
    name: str
    engine: Engine
    tables: Tables
    named: re.Pattern[bytes]

    def may_be_used_in(self, data: bytes) -> bool:
        """Tell from the bytes alone whether a file may use it."""
        within = self.engine.name.encode() in data  # most files end here, and a pattern is slower
        return within and self.named.search(data) is not None and uses_in(data, self.tables)


def found_helpers(examined: Sequence[Examined], config: Config, cache: Cache | None = None) -> tuple[FoundHelper, ...]:
    """Answer the engines that a mapping can be written for, or that something uses.

    Args:
        examined: the files of the run.
        config: its settings, which may map some already.
        cache: where to keep what was counted.
    """
    known = tuple(_engines(examined))
    if not known:
        return ()
    uses = tuple(_counted(examined, known, cache))
    mapped = {helper_name(library) for library in config.helpers}
    found = [_found(each, uses, mapped) for each in known]
    return tuple(each for each in found if each.mapping or each.callers)


def _engines(examined: Sequence[Examined]) -> Iterator[_Known]:
    for each in examined:
        for engine in each.engines:
            module = module_name(each.path)
            if module is not None:
                yield _engine(each.path, engine, _table(module, engine))


def _engine(path: str, engine: Engine, table: Library) -> _Known:
    named = re.compile(NAMED % ((engine.name.encode(),) * 2))
    return _Known(path=path, name=helper_name(table), engine=engine, tables=tables_for((table,)), named=named)


def _table(module: str, engine: Engine) -> Library:
    symbol = Symbol(name=engine.name, kind="decorator" if engine.decorates else "call", parameters=(), module=module)
    return Library(name=module, distributions=(), versions=(), unit="s", modules=(module,), symbols=(symbol,))


def _found(known: _Known, uses: Sequence[Uses], mapped: set[str]) -> FoundHelper:
    counts = [count for each in uses for name, count in each if name == known.name]
    engine = known.engine
    return FoundHelper(
        path=known.path, line=engine.line, name=known.name, mapping=engine.mapping, left_out=engine.left_out,
        doubts=engine.doubts, callers=sum(counts), files=len(counts), mapped=known.name in mapped,
    )  # fmt: skip


def _counted(examined: Sequence[Examined], known: Sequence[_Known], cache: Cache | None) -> Iterator[Uses]:
    """Yield what each file uses, from the cache where it is there."""
    salt = salt_of(*((each.name, each.engine.decorates) for each in known))
    learned: list[tuple[bytes, Uses]] = []
    for each in examined:
        key = None if each.key is None or cache is None else content_key(salt, each.path, each.key)
        kept = None if key is None or cache is None else cache.known(key)
        uses = _uses(each.path, known) if kept is None else tuple(_recalled(kept))
        if key is not None and kept is None:
            learned.append((key, uses))
        if uses:
            yield uses
    if cache is not None:
        cache.learn(learned)


def _recalled(kept: tuple[object, ...]) -> Iterator[tuple[str, int]]:
    for each in kept:
        match each:
            case (str() as name, int() as count):
                yield name, count
            case _:
                continue


def _uses(path: str, known: Sequence[_Known]) -> Uses:
    data = bytes_of(path)
    if data is None:
        return ()
    named = [each for each in known if each.may_be_used_in(data)]
    source = decode(path, data) if named else None
    tree = None if source is None or isinstance(source, Unreadable) else parse(source)
    if tree is None or isinstance(tree, Unreadable):
        return ()
    tables = tables_for([library for each in named for library in each.tables.libraries])
    return tuple(Counter(_calls(path, tree, tables)).items())


def _calls(path: str, tree: ast.Module, tables: Tables) -> Iterator[str]:
    """Yield the name of an engine once for each use of it."""
    for each in sightings(path, tree, tables):
        if each.entry is not None and each.role in {Role.DECORATOR, Role.CALL}:
            yield helper_name(each.entry.library)
