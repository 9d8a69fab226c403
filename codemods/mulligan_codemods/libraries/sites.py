"""From a use to a `Site`: always an answer, a policy's terms or a reason."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import cut
from mulligan_codemods.libraries.arguments import bind
from mulligan_codemods.libraries.behaviour import behaviour_of, hazards_of
from mulligan_codemods.libraries.clients import client_site
from mulligan_codemods.libraries.dependants import refusal_of
from mulligan_codemods.libraries.differences import written_down
from mulligan_codemods.libraries.lowering import LOWERINGS
from mulligan_codemods.libraries.lowering.helper import lower_helper
from mulligan_codemods.libraries.naming import stem_of
from mulligan_codemods.libraries.place import locate, span_of
from mulligan_codemods.libraries.reading import Callbacks, Use
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shapes import shape_of
from mulligan_codemods.lowered import Adopted, Parameters, Strategy
from mulligan_codemods.names import Function, Imported, bound_names, module_names, read_names
from mulligan_codemods.site import Reason, Site
from mulligan_codemods.uses.helpers import is_helper
from mulligan_codemods.uses.sightings import Role
from mulligan_codemods.uses.tables import BUILTIN, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.compat.symbols import Symbol
    from mulligan_codemods.files.source import Source
    from mulligan_codemods.find import Candidate
    from mulligan_codemods.libraries.place import Place
    from mulligan_codemods.libraries.reading import Exhaustion, Terms
    from mulligan_codemods.libraries.shape import Shape
    from mulligan_codemods.uses.tables import Entry, Tables

__all__ = ["recognise"]

DEPENDANT = frozenset({Role.STAR, Role.ATTRIBUTE, Role.PATCH})
"""The roles of code that depends on a library's use, and retries nothing itself."""


def recognise(source: Source, candidate: Candidate) -> Site:
    """Say what a use is.

    Args:
        source: the file, which must parse.
        candidate: one of its uses, as `find` answered it.
    """
    tables = BUILTIN if candidate.helper is None else tables_of((candidate.helper,))
    if candidate.role is Role.CLIENT:
        return client_site(source, candidate)
    if candidate.role in DEPENDANT:
        code, message = refusal_of(source.text, candidate)
        return _refused(candidate, code, message)
    place = locate(source.path, source.text, candidate.span)
    entry = None if place is None else _entry(place, tables)
    if place is None or entry is None:
        return _refused(candidate, "ML221", "its name may mean something else than the library's: it is bound twice")
    try:
        return _adopted(candidate, place, entry)
    except Refused as refused:
        at = candidate.span if refused.node is None else span_of(refused.node, source.text.split("\n"))
        return _refused(candidate, refused.code, refused.message, Reason(code="", message="", span=at), entry)


def _entry(place: Place, tables: Tables) -> Entry | None:
    called = place.node.func if isinstance(place.node, ast.Call) and place.decorated is None else place.node
    if place.decorated is not None and isinstance(called, ast.Call):
        called = called.func
    return tables.entry(place.resolve(called))


def _refused(
    candidate: Candidate, code: str, message: str, at: Reason | None = None, entry: Entry | None = None
) -> Site:
    span = candidate.span if at is None else at.span
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=candidate.kind,
        shape=None if entry is None else entry.library.name, is_retry=True,
        reason=Reason(code=code, message=message, span=span),
    )  # fmt: skip


def _adopted(candidate: Candidate, place: Place, entry: Entry) -> Site:
    arguments = bind(place, place.node, _told(entry))
    lower = lower_helper if is_helper(entry.library) else LOWERINGS.get(entry.library.name)
    if lower is None:
        raise Refused("ML250", f"{entry.library.name} is not migrated yet")
    shape = shape_of(place, entry, arguments)
    use = Use(place=place, entry=entry, arguments={**arguments, **shape.given})
    terms = lower(use)
    adopted = _together(candidate, use, shape, terms)
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=candidate.kind,
        shape=entry.library.name, is_retry=True, behaviour=behaviour_of(terms), hazards=hazards_of(place, terms),
        lowered=adopted,
    )  # fmt: skip


def _told(entry: Entry) -> Symbol:
    """Answer the symbol whose parameters count: a decorator that takes anything hands it to its class."""
    symbol = entry.symbol
    anything = any(each.passing == "rest" for each in symbol.parameters) and symbol.kind == "decorator"
    if anything and not is_helper(entry.library):
        return entry.library.symbol("Retrying")
    return symbol


def _together(candidate: Candidate, use: Use, shape: Shape, terms: Terms) -> Adopted:
    place = use.place
    terms, maker, after, imports, mulligan = _made(place, shape, terms)
    region = candidate.span if shape.region is None else span_of(shape.region, place.text.split("\n"))
    if terms.retry_if is not None and not shape.values:
        raise Refused("ML250", "the values of blocks are not seen")
    ending = ("ending", Strategy(terms.on_exhausted or "raise"))
    fields = tuple(_fields(terms))
    _check_scope(place, fields)
    listed = dict.fromkeys(each.listed for each in use.arguments.values() if each.listed)
    return Adopted(
        parameters=_parameters(terms), region=region, maker=maker, after=after, suffix=shape.suffix,
        fields=fields, mulligan=mulligan, imports=imports, asynchronous=shape.asynchronous,
        original=Strategy(terms.original.name, (*terms.original.given, ending)),
        premises=tuple(dict.fromkeys([*shape.premises, *terms.premises, *map(written_down, listed)])),
        differences=tuple(dict.fromkeys([*terms.differences, *shape.differences])),
        departures=tuple(dict.fromkeys([*shape.departures, *terms.departures])),
        comments=tuple(_comments(cut(place.text, region))),
        names=frozenset(bound_names(place.scope.body)) | read_names([place.scope]),
        globals=frozenset(module_names(place.tree)), stem=stem_of(place),
    )  # fmt: skip


Made = tuple["Terms", str, tuple[str, ...], tuple[tuple[str, str], ...], frozenset[str]]


def _made(place: Place, shape: Shape, terms: Terms) -> Made:
    """Answer the terms, and what takes the policy: its name, what follows, and the names to import."""
    if terms.exhaustion is not None and not shape.decorates:
        terms = _departing(terms, terms.exhaustion)
    callbacks = terms.callbacks
    if callbacks is not None and not shape.decorates:
        raise Refused("ML251", "what is called besides can only be kept around a function that is decorated")
    if terms.exhaustion is None and callbacks is None:
        return terms, shape.maker, shape.after, shape.imports, shape.mulligan
    callbacks = callbacks or Callbacks(maker=("mulligan.compat.callbacks", "retry_calling"), arguments=())
    ending, needed = _ending(place, terms.exhaustion)
    after = (*shape.after, *callbacks.arguments, *ending)
    imports = (*shape.imports, callbacks.maker, *callbacks.imports, *needed)
    return terms, callbacks.maker[1], after, imports, shape.mulligan - {shape.maker}


def _departing(terms: Terms, exhaustion: Exhaustion) -> Terms:
    """Answer the terms where mulligan's own error is raised in the end."""
    kind = " after a value" if exhaustion.after_values else ""
    error = f"{exhaustion.module}.{exhaustion.name}"
    told = f"where no attempt is left{kind}, RetryExhausted is raised instead of {error}"
    wraps = None if exhaustion.after_values else "wrap"
    return replace(terms, on_exhausted=wraps, exhaustion=None, departures=(*terms.departures, told))


def _ending(place: Place, exhaustion: Exhaustion | None) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Answer the arguments that keep the library's own error, and what they need to import."""
    if exhaustion is None:
        return (), ()
    name, alias = exhaustion.name, _alias(place, exhaustion.module)
    reraise = ("reraise=True",) if exhaustion.after_values else ()
    if alias is not None:
        return (f"exhausted={alias}.{name}", *reraise), ()
    found = place.names.module.values()
    if not any(isinstance(each, Imported) and each.module == exhaustion.module and each.certain for each in found):
        raise Refused(
            "ML223", f"{exhaustion.module} is imported inside of a function or on a condition, its {name} is not"
        )
    return (f"exhausted={name}", *reraise), ((exhaustion.module, name),)


def _alias(place: Place, module: str) -> str | None:
    """Answer what a library is called where the use stands, if it is imported as a whole."""
    for name, found in {**place.names.module, **place.names.local}.items():
        if (
            isinstance(found, Imported)
            and found.path == module
            and found.attribute is None
            and (found.certain or name in place.names.local)
        ):
            return name
    return None


def _parameters(terms: Terms) -> Parameters:
    return Parameters(
        retry_on=terms.retry_on, schedule=terms.schedule, max_attempts=terms.max_attempts,
        stop_after=terms.stop_after, timeout=terms.timeout, on_exhausted=terms.on_exhausted,
    )  # fmt: skip


def _fields(terms: Terms) -> Iterator[tuple[str, str]]:
    if terms.predicate is not None:
        yield "retry_on", terms.predicate
    if terms.retry_if is not None:
        yield "retry_if", terms.retry_if


def _check_scope(place: Place, fields: tuple[tuple[str, str], ...]) -> None:
    """Refuse a lambda that would read a name of a class body, which no function inside of it sees."""
    around = [
        each for each in place.ancestors if isinstance(each, Function | ast.ClassDef) and each is not place.decorated
    ]
    if not around or not isinstance(around[-1], ast.ClassDef):
        return
    lambdas = [
        node for _, text in fields for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Lambda)
    ]
    unseen = read_names([each.body for each in lambdas]) & bound_names(around[-1].body)
    if unseen:
        raise Refused("ML221", f"`{min(unseen)}` is a name of the class body, which a lambda does not see")


def _comments(text: str) -> Iterator[str]:
    """Yield the comments inside of an expression."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline):
            if token.type == tokenize.COMMENT:
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        return
