"""What the policy of a use is called after: the decorated function, the function around, or what is called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, dotted
from mulligan_codemods.recognise.lowering.naming import telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.libraries.reading.place import Place

__all__ = ["stem_of"]


def stem_of(place: Place) -> str:
    """Answer the first name around a use that says something."""
    return next((stem for stem in map(telling, _names(place)) if stem), "")


def _names(place: Place) -> Iterator[str]:
    if place.decorated is not None:
        yield place.decorated.name
    for ancestor in reversed(place.ancestors):
        match ancestor:
            case ast.Call(func=func) if func is place.node:
                yield from ((dotted(each) or "").rpartition(".")[2] for each in ancestor.args[:1])
            case _ if isinstance(ancestor, Function | ast.ClassDef) and ancestor is not place.decorated:
                yield ancestor.name
            case _:
                continue
    match place.node:
        case ast.Call(args=[first, *_]):
            yield (dotted(first) or "").rpartition(".")[2]
        case _:
            return
