"""The machine that one program runs on: its frames, the exceptions being handled, and where it stands.

Rules: everything that decides how the program goes on is reachable from the machine when it yields a `Mark`, or there
is no snapshot. `pending` counts half-evaluated expressions, whose values only Python's own stack holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.effects import Effect, EffectKind, Refused, Steps, Thrown
from mulligan_codemods.prove.values.terms import (
    ExceptionObject,
    Mutable,
    Value,
    constant,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from mulligan_codemods.prove.runtime.policies import PolicyValue
    from mulligan_codemods.prove.values.functions import Frame, FunctionObject
    from mulligan_codemods.prove.worlds.world import World

__all__ = ["Arguments", "Context", "Core", "Signal", "look", "thrown"]


@dataclass(frozen=True, slots=True)
class Signal:
    """How a statement left its block: `return`, `break` or `continue`."""

    kind: str
    value: Value | None = None


@dataclass(slots=True, eq=False)
class Context:
    """Something under way around the current statement; `state` answers what decides how it goes on."""

    label: str
    state: Callable[[], Sequence[object]]


@dataclass(frozen=True, slots=True)
class Pushed:
    """A context manager that takes the last entry off a stack: `contextlib`'s costs more than a statement."""

    stack: list[Context] | list[Value]

    def __enter__(self) -> None:
        """Do nothing: the entry is there."""

    def __exit__(self, *error: object) -> None:
        """Take it off."""
        self.stack.pop()


@dataclass(frozen=True, slots=True)
class Arguments:
    """Evaluated arguments of a call: labelled operands in order ("" positional, "*", "**", or a keyword)."""

    operands: tuple[tuple[str, Value], ...] = ()

    @property
    def positional(self) -> list[Value]:
        """Return the positional values; only meaningful when `plain`."""
        return [value for label, value in self.operands if label == ""]

    @property
    def keywords(self) -> dict[str, Value]:
        """Return the keyword values."""
        return {label: value for label, value in self.operands if label not in ("", "*", "**")}

    def after(self, count: int) -> Arguments:
        """Return the arguments without the first ones."""
        return Arguments(self.operands[count:])

    @property
    def plain(self) -> bool:
        """Tell whether there is no opaque splat."""
        return all(label not in ("*", "**") for label, _ in self.operands)


def look(value: Value) -> Value:
    """Return an object's term once it was handed outside."""
    return value.fresh if isinstance(value, Mutable) and value.fresh is not None else value


def thrown(kind: str, *texts: str) -> Thrown:
    """Make an interpreted builtin exception."""
    return Thrown(ExceptionObject(kind, tuple(constant(text) for text in texts)))


@dataclass(eq=False)
class Core(ABC):
    """The state of one side, and what the parts of the interpreter need of each other."""

    world: World
    is_new: bool
    handling: list[Value] = field(default_factory=list[Value])
    contexts: list[Context] = field(default_factory=list[Context])
    pending: int = 0
    steps: int = 0
    importing: bool = False
    noted: set[str] = field(default_factory=set[str])

    def within(self, label: str, state: Callable[[], Sequence[object]]) -> Pushed:
        """Note that something is under way, until the `with` is left."""
        self.contexts.append(Context(label, state))
        return Pushed(self.contexts)

    def handled(self, error: Value) -> Pushed:
        """Note that an exception is being handled, as `sys.exc_info()` would say, until the `with` is left."""
        self.handling.append(error)
        return Pushed(self.handling)

    def snapshot(self) -> tuple[object, ...] | None:
        """Return all that decides how the program goes on from a mark; `None` while something is half done."""
        if self.pending:
            return None
        return tuple((context.label, tuple(context.state())) for context in self.contexts), tuple(self.handling)

    def effect(
        self,
        kind: EffectKind,
        subject: Value,
        *operands: tuple[str, Value],
        node: ast.AST | None = None,
        log: bool = False,
        builds: bool = False,
    ) -> Steps[Value]:
        """Do something to the outside and return its answer."""
        handled = self.handling[-1] if self.handling else None
        answer = yield Effect(kind, subject, operands, handled, getattr(node, "lineno", 0), log, builds)
        return answer

    def tick(self, node: ast.AST | None = None) -> None:
        """Count a step, so that a loop without effects ends."""
        self.steps += 1
        if self.steps > 200_000:
            raise Refused("ML404", "the code runs too long without ending", node)

    # What the parts implement for each other.
    @abstractmethod
    def evaluate(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate an expression."""

    @abstractmethod
    def evaluate_tail(self, node: ast.expr, frame: Frame) -> Steps[Value]:
        """Evaluate an expression that is all of its statement."""

    @abstractmethod
    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> Steps[Signal | None]:
        """Run statements."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, frame: Frame) -> Steps[None]:
        """Assign to a target."""

    @abstractmethod
    def call(self, callee: Value, arguments: Arguments, node: ast.AST, *, builds: bool = False) -> Steps[Value]:
        """Call a value."""

    @abstractmethod
    def call_function(self, function: FunctionObject, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Call an interpreted function."""

    @abstractmethod
    def known_value(self, value: Value, node: ast.AST) -> Value:
        """Return the policy that an imported name is, or the value itself."""

    @abstractmethod
    def policy_of(self, value: Value, node: ast.AST) -> PolicyValue:
        """Return the policy that a value is."""

    @abstractmethod
    def await_value(self, value: Value, node: ast.AST) -> Steps[Value]:
        """Await a value."""
