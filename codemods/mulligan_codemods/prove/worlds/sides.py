"""One program under way, advanced from effect to effect, and which of two goes on next.

Rules: marks are no effects. Both sides wait for each other at a loop's head, and where both caught an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.effects import Effect, Mark, MarkKind, Refused, Thrown

if TYPE_CHECKING:
    from mulligan_codemods.prove.machine.core import Signal
    from mulligan_codemods.prove.machine.start import Start
    from mulligan_codemods.prove.values.terms import Value

__all__ = ["Difference", "End", "Side", "Standing", "alone", "is_caught", "together"]


@dataclass(frozen=True, slots=True)
class End:
    """How a side ended."""

    signal: Signal | None = None
    error: Value | None = None


Standing = Effect | Mark | End


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two sides part."""

    old: Standing
    new: Standing
    why: str


@dataclass(slots=True)
class Side:
    """One program under way; `item` is what it last yielded."""

    started: Start
    item: Standing = field(default_factory=End)
    stopped: bool = False

    def go_on(self, answer: Value | Thrown | None = None) -> None:
        """Run to the next effect, mark or end, from a mark or with the answer to an effect."""
        try:
            self.item = self._resumed(answer)
            while isinstance(self.item, Mark) and self.item.kind is MarkKind.STOPPED:
                self.stopped = True
                self.item = next(self.started.steps)
        except StopIteration as stop:
            self.item = End(stop.value)
        except Thrown as error:
            self.item = End(error=error.value)
        except Refused as refused:
            refused.in_new = self.started.machine.is_new
            raise
        if isinstance(self.item, Mark) and self.item.kind is MarkKind.ATTEMPT:
            self.stopped = False

    def _resumed(self, answer: Value | Thrown | None) -> Effect | Mark:
        if isinstance(answer, Thrown):
            return self.started.steps.throw(answer)
        return next(self.started.steps) if answer is None else self.started.steps.send(answer)


def together(old: Standing, new: Standing) -> bool:
    """Tell whether both sides stand at marks whose joint state means something."""
    return isinstance(old, Mark) and isinstance(new, Mark) and is_caught(old) is is_caught(new)


def is_caught(item: Standing) -> bool:
    """Tell whether a side has just caught an exception."""
    return isinstance(item, Mark) and item.kind is MarkKind.CAUGHT


def alone(old: Side, new: Side) -> Side:
    """Return which side goes on alone: the one at a mark, or the one that caught an exception."""
    if not (isinstance(old.item, Mark) and isinstance(new.item, Mark)):
        return old if isinstance(old.item, Mark) else new
    return old if is_caught(old.item) else new
