"""The `with` statement: context managers are entered and left as Python does.

Rules: entering and leaving are effects; whether a manager from outside swallows an error is the world's answer.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.calls import Calls
from mulligan_codemods.prove.machine.core import look
from mulligan_codemods.prove.runtime.base import ContextValue
from mulligan_codemods.prove.values.effects import EffectKind, Mark, MarkKind, Refused, Steps, Thrown
from mulligan_codemods.prove.values.terms import NONE, Result, Root, Term, Value, constant, path_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.prove.machine.core import Signal
    from mulligan_codemods.prove.values.functions import Frame

__all__ = ["Managers"]


class Managers(Calls):
    """The part of the interpreter that runs `with` statements."""

    def with_items(
        self, node: ast.With | ast.AsyncWith, items: Sequence[ast.withitem], frame: Frame
    ) -> Steps[Signal | None]:
        """Enter the first manager, run the rest, and leave it as Python does."""
        if not items:
            return (yield from self.block(node.body, frame))
        manager = look((yield from self.evaluate_tail(items[0].context_expr, frame)))
        asynchronous = isinstance(node, ast.AsyncWith)
        value = yield from self._enter(manager, node, asynchronous=asynchronous)
        signal: Signal | None = None
        error: Thrown | None = None
        try:
            with self.within(f"with {node.lineno}", lambda: (manager, len(items))):
                if items[0].optional_vars is not None:
                    yield from self.assign(items[0].optional_vars, value, frame)
                signal = yield from self.with_items(node, items[1:], frame)
        except Thrown as caught:
            error = caught
            with self.within(f"left {node.lineno}", lambda: (manager, len(items))), self.handled(caught.value):
                yield Mark(MarkKind.CAUGHT, node, frame)
        swallowed = yield from self._leave(manager, error, node, asynchronous=asynchronous)
        if error is not None and not swallowed:
            raise error
        return None if error is not None else signal

    def _enter(self, manager: Value, node: ast.AST, *, asynchronous: bool) -> Steps[Value]:
        if isinstance(manager, ContextValue):
            return (yield from manager.enter(self, node))
        if not isinstance(manager, Term):
            raise Refused("ML401", "this context manager is not interpreted", node)
        return (yield from self.effect(EffectKind.ENTER, manager, ("", constant(asynchronous)), node=node))

    def _leave(self, manager: Value, error: Thrown | None, node: ast.AST, *, asynchronous: bool) -> Steps[bool]:
        if isinstance(manager, ContextValue):
            return (yield from manager.leave(self, error.value if error else None, node))
        operands = (("", constant(asynchronous)), ("", error.value if error else NONE))
        if error is None:
            yield from self.effect(EffectKind.EXIT, manager, *operands, node=node)
            return False
        with self.handled(error.value):
            answer = yield from self.effect(EffectKind.EXIT, manager, *operands, node=node)
        return self._swallows(manager, answer)

    def _swallows(self, manager: Value, answer: Value) -> bool:
        """Tell whether a context manager swallows an error; some are known, or assumed, not to."""
        made_by = self.world.made.get(manager.effect) if isinstance(manager, Result) else None
        if made_by == Root("builtin", "open"):
            return False
        path = path_text(made_by or manager)
        path = path if made_by is None or path is None else f"{path}()"
        if self.world.assumes("swallows", path, matters=False):
            return False
        return self.world.truth(answer) and not self.world.assumes("swallows", path)
