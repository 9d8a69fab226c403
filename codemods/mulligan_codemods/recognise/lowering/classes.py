"""The exception classes that a loop retries, as a policy or an `except` names them.

Rules: pure; a class is named as the code names it, with where its name comes from.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import ErrorClass, Origin
from mulligan_codemods.names import Imported, Names, dotted

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["classes_of", "types_text"]


def classes_of(reading: Reading) -> tuple[ErrorClass, ...]:
    """Answer the classes that are retried."""
    if reading.asked is not None:
        return (ErrorClass(text=types_text(reading), origin=Origin.LOCAL),)
    found: list[ErrorClass] = []
    for expression in reading.types:
        if expression is None:
            found.append(ErrorClass(text="BaseException", origin=Origin.BUILTIN))
        elif isinstance(expression, ast.Tuple):
            found += [_class(reading.place, each) for each in expression.elts]
        else:
            found.append(_class(reading.place, expression))
    return tuple(dict.fromkeys(found))


def _class(place: Place, expression: ast.expr) -> ErrorClass:
    text = place.layout.source(expression)
    path = dotted(expression)
    if path is None:
        return ErrorClass(text=text, origin=Origin.LOCAL)
    root = path.partition(".")[0]
    names: Names = place.names
    match names.binding(root):
        case Imported(module=module, attribute=attribute, certain=True) if root not in names.local:
            return ErrorClass(
                text=text, origin=Origin.IMPORTED, module=module, attribute=attribute, bound=root,
            )  # fmt: skip
        case None if path == root and names.resolve(expression):
            return ErrorClass(text=text, origin=Origin.BUILTIN)
        case _ if root in names.local:
            return ErrorClass(text=text, origin=Origin.LOCAL)
        case _:
            return ErrorClass(text=text, origin=Origin.MODULE, bound=root)


def types_text(reading: Reading) -> str:
    """Answer what an `except` names to catch them."""
    layout = reading.place.layout
    texts = [layout.source(each) for each in reading.types if each is not None]
    if len(texts) == 1:
        return texts[0]
    parts = [
        layout.source(part)
        for each in reading.types
        if each is not None
        for part in (each.elts if isinstance(each, ast.Tuple) else [each])
    ]
    return f"({', '.join(dict.fromkeys(parts))})" if parts else "BaseException"
