"""Which names to look for: the symbol tables of the libraries, and those of a team's own helpers.

A table says by which module and name a symbol is imported; a helper's table is made from its mapping in
`pyproject.toml`. Everything behind the finding goes by the `Entry` that a use was found by, so a helper is one more
table and nothing else.

Rules: values only; a symbol is known under every module that code may import it from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan.compat.symbols import LIBRARIES, Library, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["BUILTIN", "Entry", "Tables", "tables_for", "tables_of"]

BEFORE = (b"from ", b"import ", b", ", b".", b'"', b"'")
IMPORTS = (
    rb"^[ \t]*(?:from[ \t]+[\w.]*\b(?:%b)\b[\w.]*[ \t]+import\b"
    rb"|import[ \t]+[^\n]*\b(?:%b)\b"
    rb"|from[ \t]+\.*[\w.]*[ \t]+import[^\n#]*\b(?:%b)\b)"
)
"""An import statement that names one of some modules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A symbol that a use was found by, and its table."""

    library: Library
    symbol: Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All tables of a run.

    Args:
        libraries: the tables.
        paths: what each importable dotted name stands for, such as `tenacity.wait.wait_fixed`.
        words: the last names of the modules to look for, as bytes: without one of them in a file there is no use.
        marks: what stands before such a word where it is imported or named as text; without one there is no use either.
        imports: the pattern of an import statement that names one of them.
    """

    libraries: tuple[Library, ...]
    paths: Mapping[str, Entry] = field(hash=False)
    words: tuple[bytes, ...]
    marks: tuple[bytes, ...]
    imports: re.Pattern[bytes]

    def entry(self, path: str | None) -> Entry | None:
        """Answer the symbol that a dotted name stands for."""
        return None if path is None else self.paths.get(path)

    def has_module(self, module: str) -> bool:
        """Tell whether a module is one of a table's."""
        return any(module in library.modules for library in self.libraries)


@lru_cache(maxsize=8)
def tables_of(helpers: Sequence[Library] = ()) -> Tables:
    """Answer the tables of the libraries and of some helpers.

    >>> tables_of().entry("retry.api.retry_call").symbol.modern
    'execute'
    """
    return tables_for((*LIBRARIES, *helpers))


def tables_for(libraries: Sequence[Library]) -> Tables:
    """Answer the tables of these libraries and helpers alone."""
    words = _shortest(_words(libraries))
    imports = re.compile(IMPORTS % ((b"|".join(dict.fromkeys(_words(libraries))),) * 3), re.MULTILINE)
    marks = tuple(before + word for word in words for before in BEFORE)
    paths = {path: Entry(library=library, symbol=symbol) for library in libraries for symbol in library.symbols
             for path in _paths(library, symbol)}  # fmt: skip
    return Tables(libraries=tuple(libraries), paths=paths, words=words, marks=marks, imports=imports)


def _words(libraries: Iterable[Library]) -> Iterator[bytes]:
    return (library.name.rpartition(".")[2].encode() for library in libraries)


def _shortest(words: Iterable[bytes]) -> tuple[bytes, ...]:
    """Answer the words that no other one begins: whoever looks for `retry` finds `retrying`."""
    found = list(dict.fromkeys(words))
    return tuple(word for word in found if not any(word != each and word.startswith(each) for each in found))


def _paths(library: Library, symbol: Symbol) -> set[str]:
    """Answer the dotted names of a symbol: in its own module, and in the library's."""
    return {f"{symbol.module}.{symbol.name}", f"{library.name}.{symbol.name}"}


BUILTIN = tables_of()
"""The tables of the libraries alone."""
