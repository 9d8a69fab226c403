"""Functions of a project that are retry engines themselves, and the mapping by which their calls can be read.

An engine is a function of a module that holds a retry loop in which a parameter is called: a decorator's factory
(`retry(tries=3)`), or a function that is given the operation (`retry_call(fn, …)`). What its parameters mean is read
from what the loop does with them: what `range` counts, what `sleep` waits, what `except` catches.

Rules: pure; a meaning that the code does not show is not guessed, but for the number of attempts, which its name tells.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Engine", "engines_in"]

Loop = ast.For | ast.AsyncFor | ast.While
ATTEMPTS = re.compile(r"(?:max_?|num_?|n_)?(?:tries|attempts|times)")
FIRST = "the first delay may be the base times the factor"
RETRIES = re.compile(r"(?:max_?|num_?|n_)?(?:retries|retry_count)")


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
        stack.extend((child, inside) for child in ast.iter_child_nodes(node))


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
            names = [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
            found = next((name for name in names if name in called), None)
            if found is not None:
                return found, depth
    return None


def _engine(function: ast.FunctionDef | ast.AsyncFunctionDef, loop: Loop, operation: str, depth: int) -> Engine:
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    reading = _Reading(function, loop, frozenset(names) - {operation})
    meanings = reading.meanings()
    if depth == 0:
        meanings |= {"operation": operation} | _passed_on(arguments, meanings)
    mapped = bool(meanings.keys() & {"max_attempts", "max_retries"}) and _is_reached(function, loop, depth)
    order = [
        "max_attempts",
        "max_retries",
        "base",
        "factor",
        "cap",
        "jitter",
        "retry_on",
        "operation",
        "args",
        "kwargs",
    ]
    mapping = [(field, meanings[field]) for field in order if field in meanings]
    used = set(meanings.values()) | {operation}
    return Engine(
        name=function.name,
        line=function.lineno,
        decorates=depth > 0,
        mapping=(*mapping, ("unit", "ms" if reading.milliseconds else "s")) if mapped else (),
        left_out=tuple(name for name in names if name not in used),
        doubts=tuple(dict.fromkeys(reading.doubts)) if mapped else (),
    )


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


class _Reading:
    """What the parameters of an engine mean, by what its loop does with them."""

    def __init__(self, function: ast.AST, loop: Loop, parameters: frozenset[str]) -> None:
        self._function = function
        self._loop = loop
        self._parameters = parameters
        self._seen = set[str]()
        self._found: dict[str, str] = {}
        self._start = 0
        self._sleeps = 0
        self.milliseconds = False
        self.doubts: list[str] = []

    def meanings(self) -> dict[str, str]:
        """Answer the parameters by what they mean."""
        self._count()
        self._caught()
        for node in ast.walk(self._loop):
            if isinstance(node, ast.Call) and _last_name(node.func) in {"sleep", "wait"} and node.args:
                self._sleeps = node.lineno
                self._delay(node.args[0])
        return self._found

    def _note(self, field: str, expression: ast.expr) -> bool:
        if isinstance(expression, ast.Name) and expression.id in self._parameters - set(self._found.values()):
            self._found.setdefault(field, expression.id)
            return True
        return False

    def _count(self) -> None:
        """Read the number of attempts from `range`, else from the names."""
        ranges = [
            node
            for node in ast.walk(self._loop.iter if not isinstance(self._loop, ast.While) else self._loop.test)
            if isinstance(node, ast.Call) and _last_name(node.func) == "range" and node.args
        ]
        for node in ranges:
            self._range(node)
        for name in sorted(self._parameters):
            if not self._found.keys() & {"max_attempts", "max_retries"}:
                field = "max_attempts" if ATTEMPTS.fullmatch(name) else "max_retries" if RETRIES.fullmatch(name) else ""
                if field and not ranges:
                    self._found[field] = name

    def _range(self, node: ast.Call) -> None:
        start, stop = (node.args[0], node.args[1]) if len(node.args) > 1 else (ast.Constant(0), node.args[0])
        name, more = _sum(stop)
        if isinstance(start, ast.Constant) and isinstance(start.value, int) and name is not None:
            self._start = start.value
            extra = more - start.value
            if extra in {0, 1}:
                self._note("max_retries" if extra else "max_attempts", name)

    def _caught(self) -> None:
        for node in ast.walk(self._loop):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                self._note("retry_on", node.type)

    def _delay(self, expression: ast.expr) -> None:
        """Read what makes up a delay."""
        match expression:
            case ast.Name(id=name):
                if not self._note("base", expression):
                    self._variable(name)
            case ast.Call(func=func, args=[*parts]) if _last_name(func) == "min":
                for part in parts:
                    if not (isinstance(part, ast.Name) and part.id in self._parameters and self._note("cap", part)):
                        self._delay(part)
            case ast.Call(func=func, args=[_, most]) if _last_name(func) == "uniform":
                self._note("jitter", most)
            case ast.BinOp(left=left, op=ast.Pow(), right=exponent):
                self._note("factor", left)
                self._exponent(exponent)
            case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=1000 | 1000.0)):
                self.milliseconds = True
                self._delay(left)
            case ast.BinOp(left=left, right=right):
                self._parts(left, right)
            case _:
                return

    def _parts(self, left: ast.expr, right: ast.expr) -> None:
        if _is_random(left) or _is_random(right):
            self._note("jitter", right if _is_random(left) else left)
        else:
            self._delay(left)
            self._delay(right)

    def _variable(self, name: str) -> None:
        """Read what a variable is made of: its assignments, and what it is multiplied by."""
        if name in self._seen:
            return
        self._seen.add(name)
        for node in ast.walk(self._function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    self._grown(name, value)
                case ast.AugAssign(target=ast.Name(id=target), op=ast.Mult(), value=value) if target == name:
                    self._note("factor", value)
                    self._first(node.lineno)
                case ast.AugAssign(target=ast.Name(id=target)) if target == name:
                    self.doubts.append("the delay grows by more than a factor")
                case _:
                    continue

    def _grown(self, name: str, value: ast.expr) -> None:
        match value:
            case ast.BinOp(left=ast.Name(id=same), op=ast.Mult(), right=factor) if same == name:
                self._note("factor", factor)
                self._first(value.lineno)
            case ast.Call(func=func, args=[*parts]) if _last_name(func) == "min":
                for part in parts:
                    if not (isinstance(part, ast.Name) and self._note("cap", part)):
                        self._grown(name, part)
            case _:
                self._delay(value)

    def _exponent(self, exponent: ast.expr) -> None:
        """Doubt where the first delay is multiplied already."""
        name, more = _sum(exponent)
        target = None if isinstance(self._loop, ast.While) else self._loop.target
        counted = isinstance(name, ast.Name) and isinstance(target, ast.Name) and name.id == target.id
        if not counted or more + self._start:
            self.doubts.append(FIRST)

    def _first(self, line: int) -> None:
        if self._loop.lineno < line < self._sleeps:
            self.doubts.append(FIRST)


def _sum(expression: ast.expr) -> tuple[ast.expr | None, int]:
    """Answer a name and the number that is added to it."""
    match expression:
        case ast.Name():
            return expression, 0
        case ast.BinOp(left=ast.Name() as name, op=ast.Add(), right=ast.Constant(value=int(more))):
            return name, more
        case ast.BinOp(left=ast.Name() as name, op=ast.Sub(), right=ast.Constant(value=int(less))):
            return name, -less
        case _:
            return None, 0


def _is_random(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and _last_name(expression.func) == "random"


def _last_name(expression: ast.expr) -> str:
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
