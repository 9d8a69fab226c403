"""What is known of one exception's class, and what follows from it.

Rules: only how builtin classes derive from each other is known; everything else was answered by the world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.exceptions import derives
from mulligan_codemods.prove.values.terms import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Kinds"]


@dataclass(slots=True)
class Kinds:
    """What is known of one exception's class: classes it isn't an instance of, sets of which it is one at least."""

    denied: set[Value] = field(default_factory=set[Value])
    granted: list[frozenset[Value]] = field(default_factory=list[frozenset[Value]])

    def denies(self, atom: Value) -> bool:
        """Tell whether an instance of `atom` is ruled out."""
        return any(derives(atom, other) for other in self.denied)

    def left(self, group: Iterable[Value], denied: Iterable[Value] = ()) -> frozenset[Value]:
        """Return what of a granted group is still possible."""
        others = (*self.denied, *denied)
        return frozenset(atom for atom in group if not any(derives(atom, other) for other in others))

    def grants(self, atoms: Iterable[Value]) -> bool:
        """Tell whether being an instance of one of `atoms` follows."""
        wanted = tuple(atoms)
        return any(
            all(any(derives(member, atom) for atom in wanted) for member in self.left(group)) for group in self.granted
        )

    def may_deny(self, atoms: frozenset[Value]) -> bool:
        """Tell whether denying all of `atoms` leaves each granted group a member."""
        return all(self.left(group, atoms) for group in self.granted)
