"""Calls that retry at once: what is called, and what it is called with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import plain_callable
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shapes.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.uses.tables import Entry

__all__ = ["call_shape", "helper_call_shape"]


def call_shape(arguments: Mapping[str, Argument]) -> Shape:
    """Answer what becomes of retry's own `retry_call(f, fargs, fkwargs, …)`."""
    passed = [*_positional(arguments.get("fargs")), *_named(arguments.get("fkwargs"))]
    return _executed(arguments.get("f"), passed)


def helper_call_shape(entry: Entry, arguments: Mapping[str, Argument]) -> Shape:
    """Answer what becomes of a helper's call of an operation, with the arguments that it hands on."""
    fields = {each.field: each for each in entry.symbol.parameters}
    known = {each.name for each in entry.symbol.parameters}
    passed: list[str] = []
    for field, spelled in (("args", _positional), ("kwargs", _named)):
        parameter = fields.get(field)
        if parameter is not None and parameter.passing in {"either", "keyword"}:
            passed += spelled(arguments.get(parameter.name))
    passed += [each.text for name, each in arguments.items() if name.startswith("*")]
    passed += [f"{name}={each.text}" for name, each in arguments.items() if name[:1] != "*" and name not in known]
    return _executed(arguments.get(fields["operation"].name), passed)


def _executed(function: Argument | None, passed: Iterable[str]) -> Shape:
    if function is None:
        raise Refused("ML250", "nothing is called")
    seen = isinstance(function.node, ast.Lambda)
    premises = () if seen else (plain_callable(function.text),)
    return Shape(maker="execute", after=(function.text, *passed), premises=premises)


def _positional(argument: Argument | None) -> list[str]:
    """Answer `fargs` as arguments."""
    match None if argument is None else argument.node:
        case None | ast.Constant(value=None):
            return []
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if argument is not None:
            return [argument.place.source(each) for each in elements]
        case _:
            return [f"*({argument.text} or ())" if argument is not None else ""]


def _named(argument: Argument | None) -> list[str]:
    """Answer `fkwargs` as arguments."""
    match None if argument is None else argument.node:
        case None | ast.Constant(value=None):
            return []
        case ast.Dict(keys=keys, values=values) if argument is not None and all(_is_name(key) for key in keys):
            pairs = zip(keys, values, strict=True)
            return [
                f"{key.value}={argument.place.source(value)}"
                for key, value in pairs
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            ]
        case _:
            return [f"**({argument.text} or {{}})" if argument is not None else ""]


def _is_name(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier()
