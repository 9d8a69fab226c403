"""Functions of a project that are retry engines themselves, and the mapping by which their calls can be read.

An engine is a function of a module that holds a retry loop in which a parameter is called: a decorator's factory
(`retry(tries=3)`), or a function that is given the operation (`retry_call(fn, …)`). What its other parameters mean says
`meanings`.

Rules: pure.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function
from mulligan_codemods.uses.helpers import FIELDS, PASSED_ON
from mulligan_codemods.uses.meanings import Loop, meanings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Engine", "engines_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A function that is a retry engine.

    Args:
        name: its name.
        line: the line of its `def`.
        decorates: whether it makes a decorator.
        mapping: which parameter means what, by the names that `[tool.mulligan.helpers]` has; empty where it has no
            parameter for the number of attempts.
        left_out: its parameters that the mapping has no word for.
        doubts: what the mapping does not say of the delays, each a sentence's end.
    """

    name: str
    line: int
    decorates: bool
    mapping: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def engines_in(tree: ast.Module, loops: Sequence[int]) -> Iterator[Engine]:
    """Yield the engines of a module.

    Args:
        tree: the module.
        loops: the lines of the loops that might retry.
    """
    for function in tree.body:
        if isinstance(function, Function):
            for loop, around in _loops(function, loops):
                operation = _operation(loop, around)
                if operation is not None:
                    yield _engine(function, loop, *operation)
                    break


def _loops(function: ast.AST, lines: Sequence[int]) -> Iterator[tuple[Loop, tuple[ast.AST, ...]]]:
    """Yield these loops of a function, each with the functions around it, the outermost first."""
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(function, ())]
    while stack:
        node, around = stack.pop()
        if isinstance(node, Loop) and node.lineno in lines:
            yield node, around
        inside = (*around, node) if isinstance(node, Function) else around
        stack.extend((child, inside) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))


def _operation(loop: Loop, around: Sequence[ast.AST]) -> tuple[str, int] | None:
    """Answer the parameter that is called in the loop's `try`, and how deep its function stands."""
    tries = [node for node in ast.walk(loop) if isinstance(node, ast.Try)]
    called = {
        node.func.id
        for each in tries
        for part in each.body
        for node in ast.walk(part)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for depth, function in enumerate(around):
        if isinstance(function, Function):
            found = next((name for name in _named_parameters(function.args) if name in called), None)
            if found is not None:
                return found, depth
    return None


def _engine(function: ast.FunctionDef | ast.AsyncFunctionDef, loop: Loop, operation: str, depth: int) -> Engine:
    names = _named_parameters(function.args)
    found = meanings_of(function, loop, frozenset(names) - {operation})
    meanings = dict(found.parameters)
    if depth == 0:
        meanings |= {"operation": operation} | _passed_on(function.args, meanings)
    mapped = bool(meanings.keys() & {"max_attempts", "max_retries"}) and _is_reached(function, loop, depth)
    mapping = [(field, meanings[field]) for field in (*FIELDS, *PASSED_ON) if field in meanings]
    used = set(meanings.values()) | {operation}
    return Engine(
        name=function.name,
        line=function.lineno,
        decorates=depth > 0,
        mapping=(*mapping, ("unit", "ms" if found.milliseconds else "s")) if mapped else (),
        left_out=tuple(name for name in names if name not in used),
        doubts=found.doubts if mapped else (),
    )


def _named_parameters(arguments: ast.arguments) -> list[str]:
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _is_reached(function: ast.AST, loop: Loop, depth: int) -> bool:
    """Tell whether a call of the function is what the mapping says: a factory's, or one that calls the operation."""
    return depth > 0 or next(_loops(function, [loop.lineno]))[1] == (function,)


def _passed_on(arguments: ast.arguments, meanings: dict[str, str]) -> dict[str, str]:
    """Answer the parameters that hold the operation's own arguments."""
    named = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)} - set(meanings.values())
    found = {} if arguments.vararg is None else {"args": arguments.vararg.arg}
    found |= {} if arguments.kwarg is None else {"kwargs": arguments.kwarg.arg}
    for field, spelled in (("args", ("args", "fargs")), ("kwargs", ("kwargs", "fkwargs"))):
        name = next((each for each in spelled if each in named), None)
        if name is not None and field not in found:
            found[field] = name
    return found
