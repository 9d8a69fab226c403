"""The retry engines of a project, with how often each is used in the files that were scanned.

Rules: nothing is read where there is no engine; a file is parsed again only where its bytes name an engine, whatever
it is called there, and the engine's module.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mulligan.compat.symbols import Library, Symbol
from mulligan_codemods.central.homes import module_name
from mulligan_codemods.files.source import Unreadable, parse, read
from mulligan_codemods.rows import FoundHelper
from mulligan_codemods.uses.helpers import helper_name
from mulligan_codemods.uses.sightings import Role, sightings, uses_in
from mulligan_codemods.uses.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.config import Config
    from mulligan_codemods.run.examine import Examined
    from mulligan_codemods.uses.engines import Engine
    from mulligan_codemods.uses.tables import Tables

__all__ = ["found_helpers"]


def found_helpers(examined: Sequence[Examined], config: Config) -> tuple[FoundHelper, ...]:
    """Answer the engines that a mapping can be written for, or that something uses.

    Args:
        examined: the files of the run.
        config: its settings, which may map some already.
    """
    known = [
        (each.path, f"{module}:{engine.name}", engine)
        for each in examined
        for engine in each.engines
        if (module := module_name(each.path)) is not None
    ]
    if not known:
        return ()
    uses = Counter(_uses([each.path for each in examined], tables_of(tuple(_table(name, e) for _, name, e in known))))
    mapped = {helper_name(library) for library in config.helpers}
    found = [_found(path, name, engine, uses, mapped) for path, name, engine in known]
    return tuple(each for each in found if each.mapping or each.callers)


def _found(path: str, name: str, engine: Engine, uses: Counter[tuple[str, str]], mapped: set[str]) -> FoundHelper:
    counts = [count for (used, _), count in uses.items() if used == name]
    return FoundHelper(
        path=path, line=engine.line, name=name, mapping=engine.mapping, left_out=engine.left_out,
        doubts=engine.doubts, callers=sum(counts), files=len(counts), mapped=name in mapped,
    )  # fmt: skip


def _table(name: str, engine: Engine) -> Library:
    module, _, function = name.partition(":")
    symbol = Symbol(name=function, kind="decorator" if engine.decorates else "call", parameters=(), module=module)
    return Library(name=module, distributions=(), versions=(), unit="s", modules=(module,), symbols=(symbol,))


def _uses(paths: Sequence[str], tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield each use of a helper: its name, and the file."""
    helpers = [library for library in tables.libraries if not library.versions]
    names = {symbol.name.encode() for library in helpers for symbol in library.symbols}
    for path in paths:
        source = read(path)
        if isinstance(source, Unreadable) or not any(name in source.data for name in names):
            continue
        if not uses_in(source.data, tables):
            continue
        tree = parse(source)
        if isinstance(tree, Unreadable):
            continue
        for each in sightings(path, tree, tables):
            if each.entry is not None and not each.entry.library.versions and each.role in {Role.DECORATOR, Role.CALL}:
                yield f"{each.entry.library.name}:{each.entry.symbol.name}", path
