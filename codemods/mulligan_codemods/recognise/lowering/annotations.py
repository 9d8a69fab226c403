"""The annotation of a local function that returns what an attempt binds, where the code says the types.

Rules: pure; a type is known from an annotation, from a literal, from a class of the module that is called, or from the
annotation of a function of the module; where one is not known, nothing is claimed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["annotation_of"]


def annotation_of(place: Place, body: Sequence[ast.stmt], values: Sequence[str]) -> str | None:
    """Answer the type of the values that statements bind, several as a tuple; `None` where it isn't known."""
    found = [_of_name(place, body, name) for name in values]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return None
    return known[0] if len(known) == 1 else f"tuple[{', '.join(known)}]"


def _of_name(place: Place, body: Sequence[ast.stmt], name: str) -> str | None:
    """Answer the type of a name that is bound once."""
    values: list[str | None] = []
    for statement in body:
        for node in ast.walk(statement):
            match node:
                case ast.AnnAssign(target=ast.Name(id=bound), annotation=annotation) if bound == name:
                    values.append(place.layout.source(annotation))
                case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                    values.append(_of_value(place, value))
                case ast.Name(id=bound, ctx=ast.Store()) if bound == name:
                    values.append("")
                case _:
                    continue
    bindings, told = values.count(""), [each for each in values if each != ""]
    return told[0] if bindings == len(told) == 1 else None


def _of_value(place: Place, value: ast.expr) -> str | None:
    waits = isinstance(value, ast.Await)
    match value.value if isinstance(value, ast.Await) else value:
        case ast.Constant(value=bool() | int() | float() | str() | bytes() as literal) if not waits:
            return type(literal).__name__
        case ast.Call(func=ast.Name(id=name)):
            return _of_call(place, name, waits=waits)
        case _:
            return None


def _of_call(place: Place, name: str, *, waits: bool) -> str | None:
    if name in place.names.local:
        return None
    defined = [each for each in place.tree.body if isinstance(each, Function | ast.ClassDef) and each.name == name]
    match defined:
        case [ast.ClassDef()] if not waits:
            return name
        case [ast.FunctionDef(returns=ast.expr() as returns, decorator_list=[])] if not waits:
            return place.layout.source(returns)
        case [ast.AsyncFunctionDef(returns=ast.expr() as returns, decorator_list=[])] if waits:
            return place.layout.source(returns)
        case _:
            return None
