"""The tables of MIGRATION.md, made from the symbol tables of the libraries.

Rules: one table a library: what it offers, what takes its place, and what to know. A table stands between two comments
that name its library; nothing else of the page is touched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mulligan.compat.symbols import LIBRARIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.compat.symbols import Library, Symbol
    from mulligan.compat.symbols.model import Parameter

__all__ = ["tabled"]

TABLE: Final = re.compile(r"(<!-- table of (\w+) -->\n).*?(<!-- end of the table -->)", re.DOTALL)
UNITS: Final = {"ms": "milliseconds", "s": "seconds", "": "seconds"}
TOLD: Final = {"decorator", "call", "class", "exception", "wait", "jitter", "stop", "predicate"}


def tabled(page: str) -> str:
    """Answer a page with its tables, if it has any, as the symbol tables have them."""
    tables = {library.name: "\n".join(_table(library)) for library in LIBRARIES}
    return TABLE.sub(lambda found: f"{found[1]}\n{tables[found[2]]}\n\n{found[3]}", page)


def _table(library: Library) -> Iterator[str]:
    versions = " and ".join(library.versions)
    yield f"Lengths of time are {UNITS[library.unit]}. The table was checked against {versions}."
    yield ""
    yield f"| {library.name} | mulligan | to know |"
    yield "|---|---|---|"
    seen = dict[tuple[str, ...], str]()
    for symbol in library.symbols:
        yield from _rows(symbol, seen) if symbol.kind in TOLD else ()
    if library.quirks:
        yield ""
        yield from (f"- {quirk}" for quirk in library.quirks)


def _rows(symbol: Symbol, seen: dict[tuple[str, ...], str]) -> Iterator[str]:
    told = [each for each in symbol.parameters if each.field or each.note]
    rows = tuple(_parameter(each) for each in told)
    if not (symbol.modern or symbol.note or rows):
        return
    first = seen.setdefault(rows, symbol.name) if rows else symbol.name
    note = symbol.note if first == symbol.name else f"{symbol.note} Its arguments are those of `{first}`.".lstrip()
    yield f"| `{symbol.name}` | {_code(symbol.modern)} | {_plain(note)} |"
    yield from rows if first == symbol.name else ()


def _parameter(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f"={parameter.default}"
    return f"| · `{parameter.name}{default}` | {_code(parameter.field)} | {_plain(parameter.note)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
