"""The block `for attempt in attempts(POLICY): with attempt: ...` on the rewritten side.

Rules: leaving the `with` without an error ends the loop at its next turn; a failure inside is judged by mulligan's own
decision, and swallowed only where another attempt follows, whose delay is slept before the next turn.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import Signal, thrown
from mulligan_codemods.prove.runtime.base import ContextValue, LoopValue
from mulligan_codemods.prove.runtime.execution import Run, after_error, begun, pause
from mulligan_codemods.prove.values.effects import Mark, MarkKind, Refused, Steps, Thrown
from mulligan_codemods.prove.values.terms import NONE, Value, constant

if TYPE_CHECKING:
    from mulligan.decision import Retry
    from mulligan_codemods.prove.machine.calls import Calls
    from mulligan_codemods.prove.runtime.policies import PolicyValue
    from mulligan_codemods.prove.values.functions import Frame

__all__ = ["AttemptsValue"]


@dataclass(slots=True, eq=False)
class Block(ContextValue):
    """One attempt, made by the code inside `with attempt:`."""

    run: Run
    opened: bool = True
    decision: Retry | None = None

    def state(self) -> tuple[object, ...]:
        """Return where the attempt stands."""
        delay = None if self.decision is None else self.decision.delay
        return (*self.run.shape(), self.opened, delay)

    def attribute(self, name: str, node: ast.AST) -> Value:
        """Return the attempt's number."""
        if name == "number":
            return constant(self.run.attempt)
        raise Refused("ML401", f"attempt.{name} is not interpreted", node)

    def enter(self, machine: Calls, node: ast.AST) -> Steps[Value]:
        """Enter the attempt."""
        yield from ()
        del machine, node
        return self

    def leave(self, machine: Calls, error: Value | None, node: ast.AST) -> Steps[bool]:
        """Leave the attempt; its error is swallowed where another attempt follows."""
        self.opened = False
        self.decision = None
        if error is None:
            return False
        try:
            with machine.handled(error):
                yield Mark(MarkKind.CAUGHT)
                self.decision = yield from after_error(machine, self.run, error, node)
        except Thrown as caught:
            if caught.value is error:
                return False
            raise
        return True


@dataclass(frozen=True, slots=True)
class AttemptsValue(LoopValue):
    """What `attempts(POLICY)` or `Execution(...).attempts()` answers."""

    policy: PolicyValue
    on_retry: Value = NONE

    def loop(self, machine: Calls, node: ast.For | ast.AsyncFor, frame: Frame) -> Steps[Signal | None]:
        """Run the block."""
        if self.policy.on_value is not None:
            raise Refused("ML401", "a block whose policy judges values is not interpreted", node)
        run = begun(machine, self.policy, self.on_retry, node, asynchronous=isinstance(node, ast.AsyncFor))
        block: Block | None = None
        with machine.within("attempts", lambda: (*run.shape(), frame)):
            while block is None or block.decision is not None:
                if block is not None and block.decision is not None:
                    yield from pause(machine, run, block.decision, node)
                yield Mark(MarkKind.ATTEMPT, node, frame)
                machine.tick(node)
                block = Block(run)
                yield from machine.assign(node.target, block, frame)
                signal = yield from machine.block(node.body, frame)
                if signal is not None and signal.kind == "break":
                    return None
                if signal is not None and signal.kind == "return":
                    return signal
                if block.opened:
                    raise thrown("RuntimeError", "the attempt's block was never entered")
        return (yield from machine.block(node.orelse, frame))
