"""From a library's terms and the shape of its use to an `Adopted`: the policy, what takes it, and what stands behind.

Rules: callbacks, and the library's own error in the end, are kept around a function that is decorated; elsewhere the
first are refused, and the second is a departure.
"""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import cut
from mulligan_codemods.libraries.differences import written_down
from mulligan_codemods.libraries.lowering.terms import Callbacks
from mulligan_codemods.libraries.naming import stem_of
from mulligan_codemods.libraries.reading.place import span_of
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Adopted, Parameters, Strategy
from mulligan_codemods.names import Imported, bound_names, module_names, read_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.libraries.lowering.terms import Exhaustion, Terms, Use
    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.libraries.shapes.shape import Shape

__all__ = ["adopted"]

CALLBACKS = "mulligan.compat.callbacks"


def adopted(use: Use, shape: Shape, terms: Terms) -> Adopted:
    """Put together what takes the place of a use.

    Raises:
        Refused: the terms can't be said in this shape.
    """
    place = use.place
    if terms.retry_if is not None and not shape.sees_values:
        raise Refused("ML250", "the values of blocks are not seen")
    if terms.exhaustion is not None and not shape.decorates:
        terms = _departing(terms, terms.exhaustion)
    if terms.callbacks is not None and not shape.decorates:
        raise Refused("ML251", "what is called besides can only be kept around a function that is decorated")
    maker, after, imports = _made(place, shape, terms)
    region = span_of(shape.region or place.node, place.text.split("\n"))
    fields = tuple(_fields(terms))
    _check_scope(place, fields)
    ending = ("ending", Strategy(terms.on_exhausted or "raise"))
    listed = dict.fromkeys(each.listed for each in use.arguments.values() if each.listed)
    return Adopted(
        parameters=_parameters(terms), region=region, maker=maker, after=after, suffix=shape.suffix, fields=fields,
        imports=imports, original=Strategy(terms.original.name, (*terms.original.given, ending)),
        premises=tuple(dict.fromkeys([*shape.premises, *terms.premises, *map(written_down, listed)])),
        differences=tuple(dict.fromkeys([*terms.differences, *shape.differences])),
        departures=tuple(dict.fromkeys([*shape.departures, *terms.departures])),
        comments=tuple(_comments(cut(place.text, region))),
        globals=frozenset(module_names(place.tree)), stem=stem_of(place),
    )  # fmt: skip


def _departing(terms: Terms, exhaustion: Exhaustion) -> Terms:
    """Answer the terms where mulligan's own error is raised in the end."""
    kind = " after a value" if exhaustion.after_values else ""
    error = f"{exhaustion.module}.{exhaustion.name}"
    told = f"where no attempt is left{kind}, RetryExhausted is raised instead of {error}"
    wraps = None if exhaustion.after_values else "wrap"
    return replace(terms, on_exhausted=wraps, exhaustion=None, departures=(*terms.departures, told))


def _made(place: Place, shape: Shape, terms: Terms) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Answer the function that takes the policy, the arguments behind it, and the names that it needs imported."""
    if terms.exhaustion is None and terms.callbacks is None:
        return shape.maker, shape.after, ()
    callbacks = terms.callbacks or Callbacks(maker="retry_calling")
    ending, needed = ((), ()) if terms.exhaustion is None else _ending(place, terms.exhaustion)
    imports = ((CALLBACKS, callbacks.maker), *needed)
    return callbacks.maker, (*shape.after, *callbacks.arguments, *ending), imports


def _ending(place: Place, exhaustion: Exhaustion) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Answer the arguments that keep the library's own error, and what they need to import."""
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
    around = place.around[-1] if place.around else None
    if not isinstance(around, ast.ClassDef):
        return
    lambdas = [
        node for _, text in fields for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Lambda)
    ]
    unseen = read_names([each.body for each in lambdas]) & bound_names(around.body)
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
