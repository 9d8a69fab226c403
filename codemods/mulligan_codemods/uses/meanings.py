"""What the parameters of a retry engine mean to a policy, by what its loop does with them.

What `range` counts is the number of attempts, what `sleep` waits is made of the base, the factor, the cap and the
jitter, what `except` catches is retried.

Rules: pure; a meaning that the code does not show is not guessed, but for the number of attempts, which its name tells.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Loop", "Meanings", "meanings_of"]

Loop = ast.For | ast.AsyncFor | ast.While
ATTEMPTS = re.compile(r"(?:max_?|num_?|n_)?(?:tries|attempts|times)")
RETRIES = re.compile(r"(?:max_?|num_?|n_)?(?:retries|retry_count)")
FIRST = "the first delay may be the base times the factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What parameters mean.

    Args:
        parameters: the names of the parameters by what they mean: the words of `[tool.mulligan.helpers]`.
        milliseconds: whether its lengths of time are milliseconds.
        doubts: what those words do not say of the delays, each a sentence's end.
    """

    parameters: Mapping[str, str]
    milliseconds: bool
    doubts: tuple[str, ...]


def meanings_of(function: ast.AST, loop: Loop, parameters: frozenset[str]) -> Meanings:
    """Answer what some parameters of a function mean.

    Args:
        function: the engine.
        loop: its loop.
        parameters: the parameters, without the one that is the operation.
    """
    reading = _Reading(function, loop, parameters)
    reading.read()
    return Meanings(
        parameters=reading.found, milliseconds=reading.milliseconds, doubts=tuple(dict.fromkeys(reading.doubts))
    )


class _Reading:
    """One reading of a loop, which notes each meaning once."""

    def __init__(self, function: ast.AST, loop: Loop, parameters: frozenset[str]) -> None:
        self._function = function
        self._loop = loop
        self._parameters = parameters
        self._seen = set[str]()
        self.found: dict[str, str] = {}
        self._start = 0
        self._sleeps = 0
        self.milliseconds = False
        self.doubts: list[str] = []

    def read(self) -> None:
        """Note what the parameters mean."""
        self._count()
        self._caught()
        for node in ast.walk(self._loop):
            if isinstance(node, ast.Call) and _last_name(node.func) in {"sleep", "wait"} and node.args:
                self._sleeps = node.lineno
                self._delay(node.args[0])

    def _note(self, field: str, expression: ast.expr) -> bool:
        if isinstance(expression, ast.Name) and expression.id in self._parameters - set(self.found.values()):
            self.found.setdefault(field, expression.id)
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
            if not self.found.keys() & {"max_attempts", "max_retries"}:
                field = "max_attempts" if ATTEMPTS.fullmatch(name) else "max_retries" if RETRIES.fullmatch(name) else ""
                if field and not ranges:
                    self.found[field] = name

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
