"""Constants that stay: the new code calls them by their names, so that no number stands in two places.

A loop is read with the numbers that its constants stand for, because only numbers tell which limit is reached first.
Where a constant stays behind, it is read once more with the names. A policy of the central module can't see them, so
it keeps its numbers; a constant of the function that nothing else reads goes with the loop.

Rules: pure; what can't be said with the names, or would take another form, is said with the numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.central.importing import is_central
from mulligan_codemods.lowered import Block
from mulligan_codemods.names import Literal, Names, Other, read_names
from mulligan_codemods.recognise.lowering.lower import lower
from mulligan_codemods.recognise.reading.reading import read
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.lowered import Lowered
    from mulligan_codemods.names import Binding
    from mulligan_codemods.recognise.loops.anatomy import Anatomy

__all__ = ["with_names"]


def with_names(path: str, anatomy: Anatomy, lowered: Lowered) -> Lowered:
    """Answer a loop that was lowered with numbers, with the names of the constants that stay.

    Args:
        path: the file.
        anatomy: the loop.
        lowered: what it was lowered to.
    """
    constants = _staying(anatomy, lowered)
    if not constants:
        return lowered
    central = is_central(path, lowered)
    whole = isinstance(lowered.operation, Block) and lowered.operation.whole
    if whole and (central or not _bound_above(anatomy, constants)):
        return lowered
    try:
        named = lower(read(replace(anatomy, place=replace(anatomy.place, names=_without(anatomy, constants)))))
    except Refused:
        return lowered
    if whole:
        return replace(lowered, parameters=named.parameters)
    if _form(named) != _form(lowered):
        return lowered
    return replace(named, parameters=lowered.parameters) if central else named


def _staying(anatomy: Anatomy, lowered: Lowered) -> frozenset[str]:
    """Answer the constants that the loop reads and that its rewrite leaves where they are."""
    gone = {span.line for span in lowered.removed}
    names = anatomy.place.names
    found = ((name, names.binding(name)) for name in read_names([anatomy.place.loop, *anatomy.place.before]))
    return frozenset(
        name for name, bound in found if isinstance(bound, Literal) and not (name in names.local and bound.line in gone)
    )


def _bound_above(anatomy: Anatomy, constants: frozenset[str]) -> bool:
    """Tell whether a decorator of the function can read them."""
    found = (anatomy.place.names.module.get(name) for name in constants)
    return all(bound is not None and bound.line < anatomy.place.top.lineno for bound in found)


def _without(anatomy: Anatomy, constants: frozenset[str]) -> Names:
    """Answer the names of a loop's place, with nothing known of these constants' values."""

    def unknown(bindings: Mapping[str, Binding]) -> dict[str, Binding]:
        return {
            name: Other(line=bound.line, defined=True) if name in constants else bound
            for name, bound in bindings.items()
        }

    names = anatomy.place.names
    return Names(module=unknown(names.module), local=unknown(names.local))


def _form(lowered: Lowered) -> tuple[object, ...]:
    """Answer what tells the forms of a rewrite apart."""
    parts = (lowered.predicate, lowered.hint, lowered.hook, lowered.ending, lowered.at_failure, lowered.between)
    return type(lowered.operation), lowered.removed, *(part is None for part in parts)
