"""The shapes of a use: what the expression is part of, and what takes its place.

| shape | before | after |
|---|---|---|
| `decorator` | `@retry(tries=3)`, `@retry` | `@retry(POLICY)` |
| `factory` | `retry(tries=3)`, as a value or called with a function | `retry(POLICY)` |
| `call` | `retry_call(fn, [a])` | `execute(POLICY, fn, a)` |
| `object` | `r = Retrying(…)`, then `r(fn, a)` | `r = Execution(POLICY).run` |
| `block` | `for attempt in Retrying(…):` | `for attempt in attempts(POLICY):` |

Rules: pure; the expression alone is replaced, so everything around it stays. What is around decides whether that keeps
the meaning; what the codemod does not see is a premise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.shapes.calls import call_shape, helper_call_shape
from mulligan_codemods.libraries.shapes.decorators import decorator_shape, factory_shape
from mulligan_codemods.libraries.shapes.objects import CALLERS, block_shape, caller_shape, object_shape
from mulligan_codemods.uses.helpers import is_helper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.libraries.shapes.shape import Shape
    from mulligan_codemods.uses.tables import Entry

__all__ = ["shape_of"]


def shape_of(place: Place, entry: Entry, arguments: Mapping[str, Argument]) -> Shape:
    """Answer the shape of a use.

    Raises:
        Refused: what is around it can't be kept.
    """
    name = entry.symbol.name
    if place.decorated is not None:
        return decorator_shape(place, entry, place.decorated)
    if name in CALLERS:
        return caller_shape(place, asynchronous=name.startswith("Async"))
    if name == "retry_context":
        return block_shape(place)
    if entry.symbol.kind == "call":
        return helper_call_shape(entry, arguments) if is_helper(entry.library) else call_shape(arguments)
    if entry.symbol.kind == "class":
        return object_shape(place, asynchronous=name.startswith("Async"))
    return factory_shape(place, entry)
