# ruff: noqa: ARG002 - these are the defaults of an interface
"""The bases of values that stand for objects of mulligan, and of other known objects, in interpreted code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.effects import Refused, Steps
from mulligan_codemods.prove.values.terms import Value

if TYPE_CHECKING:
    import ast

    from mulligan_codemods.prove.machine.calls import Calls
    from mulligan_codemods.prove.machine.core import Arguments, Signal
    from mulligan_codemods.prove.values.functions import Frame

__all__ = ["Callable_", "ContextValue", "LoopValue", "RuntimeValue"]


class RuntimeValue(Value):
    """A known object; its attributes are what its public interface says."""

    __slots__ = ()

    def state(self) -> tuple[object, ...]:
        """Return what decides how this object behaves from now on."""
        raise Refused("ML401", f"{type(self).__name__} can't stand here")

    def attribute(self, name: str, node: ast.AST) -> Value:
        """Read an attribute.

        Raises:
            Refused: where it isn't interpreted.
        """
        raise Refused("ML401", f"the attribute {name} of {type(self).__name__} is not interpreted", node)


class Callable_(RuntimeValue):  # noqa: N801 - not the typing one
    """A known object that can be called, or awaited."""

    __slots__ = ()

    def call(self, machine: Calls, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Call it."""
        raise Refused("ML401", "this call is not interpreted", node)

    def awaited(self, machine: Calls, node: ast.AST) -> Steps[Value]:
        """Await it."""
        raise Refused("ML401", "this await is not interpreted", node)


class ContextValue(RuntimeValue):
    """A known context manager."""

    __slots__ = ()

    def enter(self, machine: Calls, node: ast.AST) -> Steps[Value]:
        """Enter it."""
        raise Refused("ML401", "this context manager is not interpreted", node)

    def leave(self, machine: Calls, error: Value | None, node: ast.AST) -> Steps[bool]:
        """Leave it; the answer tells whether the exception is swallowed."""
        raise Refused("ML401", "this context manager is not interpreted", node)


class LoopValue(RuntimeValue):
    """A known iterable that drives a loop by itself."""

    __slots__ = ()

    def loop(self, machine: Calls, node: ast.For | ast.AsyncFor, frame: Frame) -> Steps[Signal | None]:
        """Run the loop, its `else` included."""
        raise Refused("ML401", "this loop is not interpreted", node)
