"""Objects of attempts: called with a function, iterated over, or kept under a name for both.

Rules: an object that is handed on, or kept anywhere but under a local name, is refused: what is done with it is not
seen.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mulligan_codemods.libraries.differences import plain_callable, steady_callable
from mulligan_codemods.libraries.reading.arguments import Argument
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shapes.shape import Shape
from mulligan_codemods.lowered import Premise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.names import Function

__all__ = ["CALLERS", "block_shape", "caller_shape", "object_shape"]

CALLERS: Final = frozenset({"RetryingCaller", "AsyncRetryingCaller"})
BLOCK: Final = Shape(maker="attempts")


def object_shape(place: Place, *, asynchronous: bool) -> Shape:
    """Answer what becomes of `Retrying(...)`, by what is around it."""
    parent = place.ancestors[-1]
    match parent:
        case ast.For() | ast.AsyncFor() if parent.iter is place.node:
            return block_shape(place)
        case ast.Call() if parent.func is place.node:
            return _called(place, parent, asynchronous=asynchronous)
        case ast.Attribute(attr="call") if isinstance(place.ancestors[-2], ast.Call):
            return _called(place, place.ancestors[-2], asynchronous=asynchronous)
        case ast.Attribute(attr="wraps"):
            return Shape(maker="retry", region=parent, premises=(steady_callable("what it decorates"),))
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return _kept(place, name, asynchronous=asynchronous)
        case _:
            raise Refused("ML250", "what is done with the object is not seen", place.node)


def _premise(function: ast.expr, *, asynchronous: bool) -> Premise:
    text = ast.unparse(function)
    if asynchronous:
        return Premise(code="callable", text=f"{text} is a coroutine function")
    return plain_callable(text)


def _called(place: Place, call: ast.Call, *, asynchronous: bool, skip: int = 0) -> Shape:
    """Answer what becomes of an object that is called at once."""
    arguments = call.args[skip:]
    if not arguments or isinstance(arguments[0], ast.Starred):
        raise Refused("ML250", "the function that it calls is not seen", call)
    named = [
        f"{each.arg}={place.source(each.value)}" if each.arg else f"**{place.source(each.value)}"
        for each in call.keywords
    ]
    return Shape(
        maker="execute_async" if asynchronous else "execute",
        after=(*map(place.source, arguments), *named),
        region=call,
        premises=(_premise(arguments[0], asynchronous=asynchronous),),
    )


def _runner(*premises: Premise, asynchronous: bool, region: ast.expr | None = None) -> Shape:
    """Answer an object that is called with functions."""
    return Shape(
        maker="Execution", suffix=".run_async" if asynchronous else ".run", region=region, premises=tuple(premises)
    )


def _kept(place: Place, name: str, *, asynchronous: bool) -> Shape:
    """Answer what becomes of an object under a local name, by what is done with that name."""
    if place.function is None:
        raise Refused("ML250", f"other modules may use `{name}`", place.node)
    uses = [*_uses(place.function, name)]
    calls = [each for each in uses if isinstance(each, ast.Call)]
    loops = [each for each in uses if isinstance(each, ast.For | ast.AsyncFor)]
    if uses and len(calls) == len(uses):
        premises = dict.fromkeys(_premise(each.args[0], asynchronous=asynchronous) for each in calls)
        return _runner(*premises, asynchronous=asynchronous)
    if uses and len(loops) == len(uses):
        for loop in loops:
            _check_loop(place, loop)
        return BLOCK
    raise Refused("ML250", f"`{name}` is used for more than calls of a function", place.node)


def _uses(function: Function, name: str) -> Iterator[ast.AST]:
    """Yield the calls of a name in a function, and the loops over it; where it stands elsewhere, its own node."""
    parents = {id(child): node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != name or not isinstance(node.ctx, ast.Load):
            continue
        match parents.get(id(node)):
            case ast.Call(func=func, args=[first, *_]) as call if func is node and not isinstance(first, ast.Starred):
                yield call
            case ast.For() | ast.AsyncFor() as loop if loop.iter is node:
                yield loop
            case _:
                yield node


def block_shape(place: Place) -> Shape:
    """Answer what becomes of `for attempt in …: with attempt:`."""
    loop = place.ancestors[-1]
    if not isinstance(loop, ast.For | ast.AsyncFor) or loop.iter is not place.node:
        raise Refused("ML250", "the attempts are not iterated over where they are made", place.node)
    _check_loop(place, loop)
    return BLOCK


def _check_loop(place: Place, loop: ast.For | ast.AsyncFor) -> None:
    """Refuse a loop that does more than one attempt in a block, at its end."""
    target = loop.target
    last = loop.body[-1]
    if not isinstance(target, ast.Name) or loop.orelse:
        raise Refused("ML250", "the loop does more than make attempts", loop)
    match last:
        case ast.With(items=[item]) | ast.AsyncWith(items=[item]) if _is(item.context_expr, target.id):
            pass
        case _:
            raise Refused("ML250", "the attempt is not the last thing in the loop", last)
    reads = [node for node in ast.walk(place.scope) if isinstance(node, ast.Name) and node.id == target.id]
    loads = [node for node in reads if isinstance(node.ctx, ast.Load)]
    loops = [
        node
        for node in ast.walk(place.scope)
        if isinstance(node, ast.For | ast.AsyncFor) and _is(node.target, target.id)
    ]
    if len(loads) != len(loops) or item.optional_vars is not None:
        raise Refused("ML254", f"`{target.id}` is asked for what only the library knows", loop)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def caller_shape(place: Place, *, asynchronous: bool) -> Shape:
    """Answer what becomes of stamina's callers, by where the errors are named."""
    parent, around = place.ancestors[-1], place.ancestors[-2]
    if isinstance(parent, ast.Call) and parent.func is place.node and len(parent.args) > 1:
        shape = _called(place, parent, asynchronous=asynchronous, skip=1)
        return _naming(shape, place, parent.args[0])
    if isinstance(parent, ast.Attribute) and parent.attr == "on" and isinstance(around, ast.Call) and around.args:
        outer = place.ancestors[-3]
        if isinstance(outer, ast.Call) and outer.func is around:
            return _naming(_called(place, outer, asynchronous=asynchronous), place, around.args[0])
        premise = Premise(code="callable", text="what it is called with is a function that fits it")
        return _naming(_runner(premise, asynchronous=asynchronous, region=around), place, around.args[0])
    raise Refused("ML250", "what the caller retries is not named where it is made", place.node)


def _naming(shape: Shape, place: Place, errors: ast.expr) -> Shape:
    return replace(shape, given={"on": Argument(node=errors, place=place, text=place.source(errors))})
