"""The retry engines of a project, with how often each is used in the files that were scanned.

Rules: nothing is read where there is no engine; a file is parsed again only where its bytes import an engine, or its
module and name it as an attribute; what was counted in a file is kept in the cache.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mulligan.compat.symbols import Library, Symbol
from mulligan_codemods.central.homes import module_name
from mulligan_codemods.files.source import Unreadable, bytes_of, decode, parse
from mulligan_codemods.rows import FoundHelper
from mulligan_codemods.run.scanning.cache import content_key, salt_of
from mulligan_codemods.uses.helpers import helper_name
from mulligan_codemods.uses.sightings import Role, sightings
from mulligan_codemods.uses.tables import tables_for

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping, Sequence

    from mulligan_codemods.config import Config
    from mulligan_codemods.run.scanning.cache import Cache
    from mulligan_codemods.run.scanning.examine import Examined
    from mulligan_codemods.uses.engines import Engine
    from mulligan_codemods.uses.tables import Tables

__all__ = ["found_helpers"]

IMPORT = re.compile(rb"import[ \t(]")
IMPORTED = re.compile(rb"[ \t]*\([^)]*|(?:\\\r?\n|[^\n(])*")
"""What stands behind the word `import`."""

WORD = re.compile(rb"\w+")

Uses: TypeAlias = tuple[tuple[str, int], ...]
"""How often a file uses each engine, by the engines' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An engine, its file, and the table that its uses are found by."""

    path: str
    engine: Engine
    table: Library

    @property
    def name(self) -> str:
        """Its name in a mapping."""
        return helper_name(self.table)


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
                yield _Known(path=each.path, engine=engine, table=_table(module, engine))


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
    modules: defaultdict[bytes, list[_Known]] = defaultdict(list)
    for one in known:
        modules[one.table.name.rpartition(".")[2].encode()].append(one)
    learned: list[tuple[bytes, Uses]] = []
    for each in examined:
        key = None if each.key is None or cache is None else content_key(salt, each.path, each.key)
        kept = None if key is None or cache is None else cache.known(key)
        uses = _uses(each.path, modules) if kept is None else tuple(_recalled(kept))
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


def _uses(path: str, modules: Mapping[bytes, Sequence[_Known]]) -> Uses:
    """Count in one file; `modules` are the engines by the last names of their modules."""
    data = bytes_of(path)
    if data is None:
        return ()
    words = _imported(data)
    near = [each for word in modules.keys() & words for each in modules[word]]
    named = [each for each in near if (name := each.engine.name.encode()) in words or b"." + name in data]
    source = decode(path, data) if named else None
    tree = None if source is None or isinstance(source, Unreadable) else parse(source)
    if tree is None or isinstance(tree, Unreadable):
        return ()
    tables = tables_for([each.table for each in named])
    return tuple(Counter(_calls(path, tree, tables)).items())


def _imported(data: bytes) -> set[bytes]:
    """Answer the words of a file's import statements, and of some other lines."""
    words: set[bytes] = set()
    for found in IMPORT.finditer(data):
        words.update(WORD.findall(data, data.rfind(b"\n", 0, found.start()) + 1, found.start()))
        behind = IMPORTED.match(data, found.end() - 1)
        words.update(WORD.findall(data, found.end() - 1, found.end() if behind is None else behind.end()))
    return words


def _calls(path: str, tree: ast.Module, tables: Tables) -> Iterator[str]:
    """Yield the name of an engine once for each use of it."""
    for each in sightings(path, tree, tables):
        if each.entry is not None and each.role in {Role.DECORATOR, Role.CALL}:
            yield helper_name(each.entry.library)
