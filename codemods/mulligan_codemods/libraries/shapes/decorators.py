"""Decorators, and calls that make one: what becomes of them, by what they are applied to."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import ATTRIBUTES, plain_callable, steady_callable
from mulligan_codemods.libraries.reading.attributes import attributes_read
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shapes.shape import Shape
from mulligan_codemods.names import Function, own_nodes
from mulligan_codemods.uses.helpers import AWAITS, is_helper

if TYPE_CHECKING:
    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.lowered import Premise
    from mulligan_codemods.uses.tables import Entry

__all__ = ["decorator_shape", "factory_shape"]

ONE_ATTEMPT = frozenset({"retry", "retrying"})
"""The libraries that attempt a coroutine function once: what it answers is no error."""

BUILTIN_KINDS = frozenset({"staticmethod", "classmethod", "property"})


def factory_shape(place: Place, entry: Entry) -> Shape:
    """Answer what becomes of a decorator that is made by a call: it may be applied at once."""
    parent = place.ancestors[-1]
    told = "what it decorates"
    if isinstance(parent, ast.Call) and parent.func is place.node and len(parent.args) == 1:
        told = ast.unparse(parent.args[0])
    premise = plain_callable(told) if _attempts_once(entry) else steady_callable(told)
    return Shape(maker="retry", premises=(premise,))


def decorator_shape(place: Place, entry: Entry, function: Function) -> Shape:
    """Answer what becomes of a decorator, by the function and by what else decorates it."""
    below = function.decorator_list[function.decorator_list.index(place.node) + 1 :]
    for each in below:
        if isinstance(each, ast.Name) and each.id in BUILTIN_KINDS:
            raise Refused("ML250", f"@{each.id} stands below it, so no function is decorated", each)
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function.body)):
        raise Refused("ML253", "it decorates a generator, whose errors the library does not retry", function)
    if entry.library.name == "tenacity" and function.name in attributes_read(place.path):
        raise Refused("ML254", f"attributes of {function.name} that only the library sets are read", function)
    asynchronous = isinstance(function, ast.AsyncFunctionDef)
    if asynchronous and _attempts_once(entry):
        raise Refused("ML253", "the library makes one attempt: the coroutine is no error", function)
    others = [each for each in below if not _is_retry(each)]
    departures: tuple[str, ...] = ()
    premises: tuple[Premise, ...] = ()
    if others and asynchronous:
        departures = (f"what `@{ast.unparse(others[0])}` makes of `{function.name}` may be no coroutine function",)
    elif others:
        premises = (plain_callable(f"what `@{ast.unparse(others[0])}` makes of {function.name}"),)
    differences = (ATTRIBUTES,) if entry.library.name == "tenacity" else ()
    return Shape(maker="retry", premises=premises, differences=differences, departures=departures)


def _attempts_once(entry: Entry) -> bool:
    """Tell whether a coroutine function gets a single attempt."""
    return entry.symbol.note != AWAITS if is_helper(entry.library) else entry.library.name in ONE_ATTEMPT


def _is_retry(decorator: ast.expr) -> bool:
    """Tell whether a decorator is another retry, by name: one that keeps a coroutine function what it is."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in {"on_exception", "on_predicate", "retry"}
