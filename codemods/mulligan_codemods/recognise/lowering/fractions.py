"""Whether a limit of attempts may have a fraction: `while tried < limit` takes one, a policy takes whole numbers.

Rules: pure; evidence counts wherever the module has it for the name: an annotation, a default or a value that is a
float, a division. What `range` takes is whole.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import parsed
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["check_whole"]

KEEPING = frozenset({"abs", "float", "max", "min"})
"""The functions that answer a fraction where they are given one, or always."""


def check_whole(reading: Reading) -> None:
    """Refuse a limit of attempts that may have a fraction.

    Raises:
        Refused: where the module says so.
    """
    attempts, loop = reading.end.attempts, reading.place.loop
    if attempts is None or attempts.number is not None:
        return
    named = {name for text, _ in attempts.terms for name in _names(ast.parse(text.strip(), mode="eval").body)}
    named -= set(_names(loop.iter, inside=True)) if isinstance(loop, ast.For | ast.AsyncFor) else set()
    for name in sorted(named & _fractional(reading.place.layout.text)):
        raise Refused("ML206", f"`{name}` may be no whole number of attempts", loop)


@lru_cache(maxsize=8)
def _fractional(text: str) -> frozenset[str]:
    """Answer the names of variables, parameters and attributes of a module that may be floats."""
    return frozenset(name for node in ast.walk(parsed(text)) for name in _shown(node))


def _shown(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.arg(arg=name, annotation=ast.expr() as annotation) if _says_float(annotation):
            yield name
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            if _says_float(annotation) or (value is not None and _is_fraction(value)):
                yield from _names(target)
        case ast.Assign(targets=[target], value=value) if _is_fraction(value):
            yield from _names(target)
        case ast.arguments(posonlyargs=first, args=args, kwonlyargs=named, defaults=defaults, kw_defaults=others):
            positional = [*first, *args]
            given = [*zip(positional[len(positional) - len(defaults) :], defaults, strict=True)]
            pairs = [*given, *zip(named, others, strict=True)]
            yield from (each.arg for each, default in pairs if default is not None and _is_fraction(default))
        case _:
            return


def _says_float(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(annotation)) or any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and "float" in node.value
        for node in ast.walk(annotation)
    )


def _is_fraction(value: ast.expr) -> bool:
    return any(
        (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
        for node in _nodes(value)
    )


def _names(expression: ast.expr, *, inside: bool = False) -> Iterator[str]:
    """Yield the variables and attributes of an expression, by their last names; those in calls too if `inside`."""
    for node in ast.walk(expression) if inside else _nodes(expression):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case _:
                continue


def _nodes(expression: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of an expression but those in calls that answer what they like, such as `int`."""
    yield expression
    match expression:
        case ast.Call(func=ast.Name(id=name), args=args):
            parts: list[ast.AST] = [*args] if name in KEEPING else []
        case ast.Call() | ast.Attribute():
            parts = []
        case _:
            parts = list(ast.iter_child_nodes(expression))
    for part in parts:
        if isinstance(part, ast.expr):
            yield from _nodes(part)
