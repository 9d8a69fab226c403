"""Drop assignments that only removed code read.

Rules: only a single name that is bound by statements whose values do nothing (numbers, names, arithmetic, readings of a
clock), and that its function reads nowhere, goes; a name that `global` or `nonlocal` mentions, or that the module
binds, stays. A comment on the line goes with it, one above it stays.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, blocks_of, dotted
from mulligan_codemods.texts.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["bound_idly", "without_idle"]

CLOCKS = frozenset({"time.time", "time.monotonic", "time.perf_counter", "monotonic", "perf_counter"})


def without_idle(text: str, names: Iterable[str]) -> str:
    r"""Drop the assignments to those of `names` that nothing reads any more.

    >>> print(without_idle("def f():\n    tries = 0\n    return g()\n", {"tries"}), end="")
    def f():
        return g()
    """
    wanted = frozenset(names)
    while True:
        found = next(_idle(text, wanted), None)
        if found is None:
            return text
        text = _without(text, found)


def _idle(text: str, names: frozenset[str]) -> Iterator[ast.stmt]:
    """Yield the assignments of functions that bind one of these names, which nothing in the function reads."""
    layout = layout_of(text)
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, Function):
            kept = _kept(function)
            for block in _blocks(function):
                for statement in block:
                    name = bound_idly(statement)
                    alone = len(block) == 1
                    if name in names - kept and not alone and layout.owns_lines([statement]):
                        yield statement


def _kept(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Answer the names that a function reads, binds otherwise than by an idle assignment, or shares."""
    idle = {id(node) for block in _blocks(function) for each in block if bound_idly(each) for node in ast.walk(each)}
    kept = set[str]()
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name) if not (isinstance(node.ctx, ast.Store) and id(node) in idle):
                kept.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                kept.update(names)
            case _:
                continue
    return kept


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a function, without those of functions and classes inside."""
    for children in blocks_of(node):
        statements = [each for each in children if isinstance(each, ast.stmt)]
        if statements:
            yield statements
        for child in children:
            if not isinstance(child, Function | ast.ClassDef):
                yield from _blocks(child)


def bound_idly(statement: ast.stmt) -> str | None:
    """Answer the name that a statement binds and nothing else, by a value that does nothing."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _does_nothing(value):
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _does_nothing(value):
            return name
        case _:
            return None


def _does_nothing(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.Name():
            return True
        case ast.UnaryOp(operand=operand):
            return _does_nothing(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return _does_nothing(left) and _does_nothing(right)
        case ast.Call(func=function, args=[], keywords=[]):
            return dotted(function) in CLOCKS
        case _:
            return False


def _without(text: str, statement: ast.stmt) -> str:
    lines = text.split("\n")
    del lines[statement.lineno - 1 : statement.end_lineno]
    return "\n".join(lines)
