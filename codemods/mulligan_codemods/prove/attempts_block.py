"""The block `for attempt in attempts(POLICY): with attempt: ...` on the rewritten side.

Rules: the block is left by `return` or `break` or by falling out of a successful `with`; a failure inside `with` is
judged by mulligan's own decision, and swallowed only where another attempt follows.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.prove.effects import Refused, Steps
from mulligan_codemods.prove.policies import PolicyValue
from mulligan_codemods.prove.runtime_values import LoopValue

if TYPE_CHECKING:
    from mulligan_codemods.prove.functions import Frame
    from mulligan_codemods.prove.machine import Signal
    from mulligan_codemods.prove.statements import Statements

__all__ = ["AttemptsValue"]


@dataclass(frozen=True, slots=True)
class AttemptsValue(LoopValue):
    """What `attempts(POLICY)` answers."""

    policy: PolicyValue

    def loop(self, machine: Statements, node: ast.For | ast.AsyncFor, frame: Frame) -> Steps[Signal | None]:
        """Run the block."""
        raise Refused("ML401", "the attempts block is not interpreted yet", node)
        yield  # pragma: no cover
