"""Objects of attempts: called with a function, iterated over, or kept under a name for both.

Rules: an object that is handed on, or kept anywhere but under a local name, is refused: what is done with it is not
seen.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mulligan_codemods.libraries.arguments import Argument
from mulligan_codemods.libraries.differences import plain_callable, steady_callable
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.libraries.shape import Shape
from mulligan_codemods.lowered import Premise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.libraries.place import Place

__all__ = ["CALLERS", "block_shape", "caller_shape", "object_shape"]

CALLERS: Final = frozenset({"RetryingCaller", "AsyncRetryingCaller"})


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
            return Shape(
                name="factory", maker="retry", mulligan=frozenset({"retry"}), region=parent, decorates=True,
                premises=(steady_callable("what it decorates"),),
            )  # fmt: skip
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return _kept(place, name, asynchronous=asynchronous)
        case _:
            raise Refused("ML250", "what is done with the object is not seen", place.node)


def _executor(*, asynchronous: bool) -> str:
    return "execute_async" if asynchronous else "execute"


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
    maker = _executor(asynchronous=asynchronous)
    named = [
        f"{each.arg}={place.source(each.value)}" if each.arg else f"**{place.source(each.value)}"
        for each in call.keywords
    ]
    return Shape(
        name="call", maker=maker, after=(*map(place.source, arguments), *named), mulligan=frozenset({maker}),
        asynchronous=asynchronous, premises=(_premise(arguments[0], asynchronous=asynchronous),), region=call,
    )  # fmt: skip


def _kept(place: Place, name: str, *, asynchronous: bool) -> Shape:
    """Answer what becomes of an object under a local name, by what is done with that name."""
    if place.function is None:
        raise Refused("ML250", f"other modules may use `{name}`", place.node)
    kinds = {kind for kind, _ in _uses(place, name)}
    suffix = ".run_async" if asynchronous else ".run"
    if kinds == {"call"}:
        functions = [call.args[0] for _, call in _uses(place, name) if isinstance(call, ast.Call) and call.args]
        return Shape(
            name="object", maker="Execution", suffix=suffix, mulligan=frozenset({"Execution"}),
            asynchronous=asynchronous,
            premises=tuple(dict.fromkeys(_premise(each, asynchronous=asynchronous) for each in functions)),
        )  # fmt: skip
    if kinds == {"loop"}:
        for _, loop in _uses(place, name):
            if isinstance(loop, ast.For | ast.AsyncFor):
                _check_loop(place, loop)
        return _block()
    raise Refused("ML250", f"`{name}` is used for more than calls of a function", place.node)


def _uses(place: Place, name: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield what is done with a name in its function: a call, a loop, or something else."""
    parents = {id(child): node for node in ast.walk(place.scope) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(place.scope):
        if not isinstance(node, ast.Name) or node.id != name or not isinstance(node.ctx, ast.Load):
            continue
        match parents.get(id(node)):
            case ast.Call(func=func, args=[first, *_]) as call if func is node and not isinstance(first, ast.Starred):
                yield "call", call
            case ast.For() | ast.AsyncFor() as loop if loop.iter is node:
                yield "loop", loop
            case _:
                yield "else", node


def block_shape(place: Place) -> Shape:
    """Answer what becomes of `for attempt in …: with attempt:`."""
    loop = place.ancestors[-1]
    if not isinstance(loop, ast.For | ast.AsyncFor) or loop.iter is not place.node:
        raise Refused("ML250", "the attempts are not iterated over where they are made", place.node)
    _check_loop(place, loop)
    return _block()


def _block() -> Shape:
    return Shape(name="block", maker="attempts", mulligan=frozenset({"attempts"}), values=False)


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
        suffix = ".run_async" if asynchronous else ".run"
        premise = Premise(code="callable", text="what it is called with is a function that fits it")
        shape = Shape(
            name="object", maker="Execution", suffix=suffix, mulligan=frozenset({"Execution"}), region=around,
            asynchronous=asynchronous, premises=(premise,),
        )  # fmt: skip
        return _naming(shape, place, around.args[0])
    raise Refused("ML250", "what the caller retries is not named where it is made", place.node)


def _naming(shape: Shape, place: Place, errors: ast.expr) -> Shape:
    return replace(shape, given={"on": Argument(node=errors, place=place, text=place.source(errors))})
