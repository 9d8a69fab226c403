"""Frames and functions of interpreted code.

Rules: a frame belongs to one activation; closures keep the frame they were made in, so a late change of a captured
variable is seen, as in Python.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.terms import Mutable, Value

if TYPE_CHECKING:
    from mulligan_codemods.prove.texts.scopes import FunctionNode, Module, Scope

__all__ = ["BoundMethod", "CoroutineObject", "Frame", "FunctionObject", "free_names", "is_generator"]


@dataclass(slots=True, eq=False)
class Frame:
    """The variables of one activation; `outer` holds the variables around the region, which it did not bind."""

    scope: Scope
    module: Module
    parent: Frame | None
    variables: dict[str, Value]
    outer: dict[str, Value] = field(default_factory=dict[str, Value])
    shifting: frozenset[str] = frozenset()
    is_module: bool = False
    asynchronous: bool = False


@dataclass(slots=True, eq=False)
class FunctionObject(Value):
    """A function or lambda made by the code, with the values of its defaults."""

    node: FunctionNode
    frame: Frame
    defaults: tuple[Value, ...]
    keyword_defaults: dict[str, Value]
    splats: dict[str, Value] = field(default_factory=dict[str, Value])

    @property
    def name(self) -> str:
        """Return the function's name."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(frozen=True, slots=True)
class BoundMethod(Value):
    """A method of a known object or constant."""

    owner: Value
    name: str


@dataclass(slots=True, eq=False)
class CoroutineObject(Mutable):
    """A call of an interpreted coroutine function that was not awaited yet."""

    function: Value
    operands: tuple[tuple[str, Value], ...]
    awaited: bool = False


@lru_cache(maxsize=256)
def is_generator(node: FunctionNode) -> bool:
    """Tell whether a function yields, or one inside it does."""
    return any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node))


@lru_cache(maxsize=256)
def free_names(node: FunctionNode) -> frozenset[str]:
    """Return all names that a function reads, nested ones included."""
    return frozenset(
        inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    )
