"""The default store: states in this process's memory.

Rules: a state belongs to the guard that asked for it; two guards of the same name share nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mulligan.guards.cells import MemoryCell

if TYPE_CHECKING:
    from mulligan.guards.cells import Strategy

__all__ = ["MemoryStore"]

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")


class MemoryStore:
    """Keep states in this process's memory; nothing to install, nothing to wait for.

    Each guard keeps its own cells, so one store serves any number of guards.

    >>> from mulligan.guards import CircuitBreaker
    >>> CircuitBreaker("billing", store=MemoryStore()).status()
    <Status.CLOSED: 'closed'>
    """

    __slots__ = ()

    def cell(self, name: str, key: str, strategy: Strategy[S, E, A], /) -> MemoryCell[S, E, A]:  # noqa: ARG002 - the protocol's
        """Answer a new state for a guard and a dependency."""
        return MemoryCell(strategy)

    def __repr__(self) -> str:
        return "MemoryStore()"
