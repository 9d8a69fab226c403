"""From a use to a `Site`: always an answer, a policy's terms or a reason."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import cut
from mulligan_codemods.libraries.adopting import adopted
from mulligan_codemods.libraries.behaviour import behaviour_of, hazards_of
from mulligan_codemods.libraries.clients import client_site
from mulligan_codemods.libraries.lowering import LOWERINGS
from mulligan_codemods.libraries.lowering.helper import lower_helper
from mulligan_codemods.libraries.lowering.terms import Use
from mulligan_codemods.libraries.reading.arguments import bind
from mulligan_codemods.libraries.reading.place import locate, span_of
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shapes import shape_of
from mulligan_codemods.site import Reason, Site
from mulligan_codemods.uses.helpers import is_helper
from mulligan_codemods.uses.sightings import Role
from mulligan_codemods.uses.tables import BUILTIN, tables_of

if TYPE_CHECKING:
    from mulligan.compat.symbols import Symbol
    from mulligan_codemods.files.source import Source
    from mulligan_codemods.find import Candidate
    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.site import Span
    from mulligan_codemods.uses.tables import Entry

__all__ = ["recognise"]


def recognise(source: Source, candidate: Candidate) -> Site:
    """Say what a use is.

    Args:
        source: the file, which must parse.
        candidate: one of its uses, as `find` answered it.
    """
    match candidate.role:
        case Role.CLIENT:
            return client_site(source, candidate)
        case Role.STAR:
            return _refused(candidate, "ML223", "a star import may bind any name of the library")
        case Role.PATCH:
            return _refused(candidate, "ML257", "it patches a sleep that the migrated code does not call")
        case Role.ATTRIBUTE:
            spelled = " ".join(cut(source.text, candidate.span).split())
            return _refused(candidate, "ML254", f"`{spelled}` reads what only the library's decorator sets")
        case _:
            return _use(source, candidate)


def _use(source: Source, candidate: Candidate) -> Site:
    place = locate(source.path, source.text, candidate.span)
    entry = None if place is None else _entry(place, candidate)
    if place is None or entry is None:
        return _refused(candidate, "ML221", "its name may mean something else than the library's: it is bound twice")
    try:
        return _understood(candidate, place, entry)
    except Refused as refused:
        at = None if refused.node is None else span_of(refused.node, source.text.split("\n"))
        return _refused(candidate, refused.code, refused.message, at=at, shape=entry.library.name)


def _entry(place: Place, candidate: Candidate) -> Entry | None:
    tables = BUILTIN if candidate.helper is None else tables_of((candidate.helper,))
    return tables.entry(place.resolve(place.node.func if isinstance(place.node, ast.Call) else place.node))


def _refused(
    candidate: Candidate, code: str, message: str, *, at: Span | None = None, shape: str | None = None
) -> Site:
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=candidate.kind, shape=shape,
        is_retry=True, reason=Reason(code=code, message=message, span=at or candidate.span),
    )  # fmt: skip


def _understood(candidate: Candidate, place: Place, entry: Entry) -> Site:
    arguments = bind(place, place.node, _told(entry))
    shape = shape_of(place, entry, arguments)
    use = Use(place=place, entry=entry, arguments={**arguments, **shape.given})
    terms = lower_helper(use) if is_helper(entry.library) else LOWERINGS[entry.library.name](use)
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=candidate.kind,
        shape=entry.library.name, is_retry=True, behaviour=behaviour_of(terms), hazards=hazards_of(place, terms),
        lowered=adopted(use, shape, terms),
    )  # fmt: skip


def _told(entry: Entry) -> Symbol:
    """Answer the symbol whose parameters count: a decorator that takes anything hands it to its class."""
    symbol = entry.symbol
    anything = any(each.passing == "rest" for each in symbol.parameters) and symbol.kind == "decorator"
    if anything and not is_helper(entry.library):
        return entry.library.symbol("Retrying")
    return symbol
