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

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import ATTRIBUTES, plain_callable, steady_callable
from mulligan_codemods.libraries.objects import CALLERS, block_shape, caller_shape, object_shape
from mulligan_codemods.libraries.project import attributes_read
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shape import Shape
from mulligan_codemods.names import Function, own_nodes
from mulligan_codemods.uses.helpers import AWAITS, is_helper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.arguments import Argument
    from mulligan_codemods.libraries.place import Place
    from mulligan_codemods.lowered import Premise
    from mulligan_codemods.uses.tables import Entry

__all__ = ["shape_of"]

ONE_ATTEMPT = frozenset({"retry", "retrying"})
"""The libraries that attempt a coroutine function once: what it answers is no error."""

BUILTIN_KINDS = frozenset({"staticmethod", "classmethod", "property"})


def shape_of(place: Place, entry: Entry, arguments: Mapping[str, Argument]) -> Shape:
    """Answer the shape of a use.

    Raises:
        Refused: what is around it can't be kept.
    """
    name = entry.symbol.name
    if place.decorated is not None:
        return _decorator(place, entry, place.decorated)
    if name in CALLERS:
        return caller_shape(place, asynchronous=name.startswith("Async"))
    if name == "retry_context":
        return block_shape(place)
    if entry.symbol.kind == "call":
        return _helper_call(entry, arguments) if is_helper(entry.library) else _call(arguments)
    if entry.symbol.kind == "class":
        return object_shape(place, asynchronous=name.startswith("Async"))
    return _factory(place, entry)


def _factory(place: Place, entry: Entry) -> Shape:
    """Answer what becomes of a decorator that is made by a call: it may be applied at once."""
    parent = place.ancestors[-1]
    told = "what it decorates"
    if isinstance(parent, ast.Call) and parent.func is place.node and len(parent.args) == 1:
        told = ast.unparse(parent.args[0])
    premise = plain_callable(told) if _attempts_once(entry) else steady_callable(told)
    return Shape(name="factory", maker="retry", mulligan=frozenset({"retry"}), premises=(premise,), decorates=True)


def _decorator(place: Place, entry: Entry, function: Function) -> Shape:
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
    return Shape(
        name="decorator", maker="retry", mulligan=frozenset({"retry"}), asynchronous=asynchronous,
        premises=premises, departures=departures, differences=differences, decorates=True,
    )  # fmt: skip


def _attempts_once(entry: Entry) -> bool:
    """Tell whether a coroutine function gets a single attempt."""
    return entry.symbol.note != AWAITS if is_helper(entry.library) else entry.library.name in ONE_ATTEMPT


def _is_retry(decorator: ast.expr) -> bool:
    """Tell whether a decorator is another retry, by name: one that keeps a coroutine function what it is."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in {"on_exception", "on_predicate", "retry"}


def _call(arguments: Mapping[str, Argument]) -> Shape:
    function = arguments.get("f")
    if function is None:
        raise Refused("ML250", "nothing is called")
    after = [function.text, *_positional(arguments.get("fargs")), *_named(arguments.get("fkwargs"))]
    seen = isinstance(function.node, ast.Lambda)
    return Shape(
        name="call", maker="execute", after=tuple(after), mulligan=frozenset({"execute"}),
        premises=() if seen else (plain_callable(function.text),),
    )  # fmt: skip


def _helper_call(entry: Entry, arguments: Mapping[str, Argument]) -> Shape:
    """Answer the call of an operation that a helper is given, with the arguments that it hands on."""
    fields = {each.field: each for each in entry.symbol.parameters}
    function = arguments.get(fields["operation"].name)
    if function is None:
        raise Refused("ML250", "nothing is called")
    after, known = [function.text], {each.name for each in entry.symbol.parameters}
    for field, spelled in (("args", _positional), ("kwargs", _named)):
        parameter = fields.get(field)
        if parameter is not None and parameter.passing in {"either", "keyword"}:
            after += spelled(arguments.get(parameter.name))
    after += [each.text for name, each in arguments.items() if name.startswith("*")]
    after += [f"{name}={each.text}" for name, each in arguments.items() if name[:1] != "*" and name not in known]
    seen = isinstance(function.node, ast.Lambda)
    return Shape(
        name="call", maker="execute", after=tuple(after), mulligan=frozenset({"execute"}),
        premises=() if seen else (plain_callable(function.text),),
    )  # fmt: skip


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
