"""The features by which shapes are told apart."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes
from mulligan_codemods.recognise.loops.flow import AWAY, Exit, exits
from mulligan_codemods.recognise.loops.heads import Counted, Endless, head_of
from mulligan_codemods.recognise.loops.kinds import sets_flag

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy

__all__ = ["clocked", "counted", "endless", "flagged", "leaves_after", "raises_in_handler", "stops_in_handler"]

CLOCKS = frozenset(
    {"time.time", "time.monotonic", "time.perf_counter", "datetime.datetime.now", "datetime.datetime.utcnow"}
)


def counted(anatomy: Anatomy) -> bool:
    """Tell whether the loop goes over numbers."""
    return isinstance(head_of(anatomy.place.loop, anatomy.place.names), Counted)


def endless(anatomy: Anatomy) -> bool:
    """Tell whether the loop's head has no limit."""
    head = head_of(anatomy.place.loop, anatomy.place.names)
    return isinstance(head, Endless) or (isinstance(head, Counted) and head.count is None)


def flagged(anatomy: Anatomy) -> bool:
    """Tell whether success sets a flag that the condition tests."""
    return sets_flag(anatomy) is not None


def raises_in_handler(anatomy: Anatomy) -> bool:
    """Tell whether a handler that can go round again can raise as well."""
    return any(Exit.RAISE in anatomy.failure(handler) for handler in anatomy.again)


def stops_in_handler(anatomy: Anatomy) -> bool:
    """Tell whether a handler that can go round again, or what stands before the attempt, can leave the loop as well."""
    return any(anatomy.failure(handler) & AWAY for handler in anatomy.again) or bool(exits(anatomy.lead) & AWAY)


def leaves_after(anatomy: Anatomy) -> bool:
    """Tell whether the statements behind the loop leave the function."""
    after = anatomy.place.after
    return bool(after) and Exit.RAISE in exits(after[:2])


def clocked(anatomy: Anatomy) -> bool:
    """Tell whether the loop reads the clock, but not to measure one attempt."""
    loop = anatomy.place.loop
    own = list(
        own_nodes([*([loop.test] if isinstance(loop, ast.While) else []), *anatomy.lead, *anatomy.tail, *anatomy.again])
    )
    return any(isinstance(node, ast.Call) and anatomy.place.names.resolve(node.func) in CLOCKS for node in own)
