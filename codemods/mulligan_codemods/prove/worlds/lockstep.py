"""Both programs in one world: advanced from effect to effect, compared, and answered alike.

Rules: an effect happens once, for both. Different effects, or different ends, are a difference; the one permitted is
that the old code sleeps once more after the failure with which the new execution stopped. A joint state that was seen
on another path, or earlier on this one, is not followed again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.start import Prepared, start
from mulligan_codemods.prove.texts.scopes import bound_names
from mulligan_codemods.prove.values.effects import Effect, EffectKind, Mark, Refused, Thrown
from mulligan_codemods.prove.values.functions import FunctionObject, free_names
from mulligan_codemods.prove.values.terms import NONE, Value
from mulligan_codemods.prove.worlds.canonical import Unrenderable, joint_key
from mulligan_codemods.prove.worlds.compare import Comparison, escape
from mulligan_codemods.prove.worlds.outside import Outside
from mulligan_codemods.prove.worlds.pauses import SLEEPS, gives_way
from mulligan_codemods.prove.worlds.sides import Difference, End, Side, alone, is_caught, together

if TYPE_CHECKING:
    from mulligan_codemods.prove.machine.interpreter import Policies
    from mulligan_codemods.prove.texts.region import Region
    from mulligan_codemods.prove.worlds.world import World

__all__ = ["Lockstep", "Seen"]

Seen = dict[object, tuple[int, ...]]
_LONGEST = 4000
_ENDLESS = 1000
"""At how many marks in a row one side may stand alone: then it loops on without doing anything."""


@dataclass(slots=True)
class Lockstep:
    """One world's run of both sides."""

    world: World
    region: Region
    prepared: tuple[Prepared, Prepared]
    policies: Policies
    seen: Seen
    trace: list[tuple[Effect, Value | Thrown]] = field(default_factory=list[tuple[Effect, Value | Thrown]])
    permitted: set[str] = field(default_factory=set[str])
    effects: int = 0
    sides: list[Side] = field(default_factory=list[Side])
    dropped: int = 0

    def run(self) -> Difference | None:
        """Run until both end alike, a difference shows, or the state was seen before."""
        old, new = (Side(start(self.world, prepared, self.policies)) for prepared in self.prepared)
        self.sides = [old, new]
        old.go_on()
        new.go_on()
        while self.effects < _LONGEST:
            if not self._settle(old, new):
                return None
            difference = self._step(old, new)
            if difference is not None or (isinstance(old.item, End) and isinstance(new.item, End)):
                return difference or self._ends(old, new)
        raise Refused("ML404", "the code does not end within the bound")

    def steps(self) -> int:
        """Return how many steps both sides have run."""
        return sum(side.started.machine.steps for side in self.sides)

    def _settle(self, old: Side, new: Side) -> bool:
        """Run both to an effect or an end, or one of them on and on; `False` where the joint state was seen."""
        lonely = 0
        while lonely < _ENDLESS and (isinstance(old.item, Mark) or isinstance(new.item, Mark)):
            if not together(old.item, new.item):
                lonely += 1
                alone(old, new).go_on()
                continue
            if isinstance(old.item, Mark) and isinstance(new.item, Mark) and self._was_seen(old.item, new.item):
                return False
            self.world.turns += not is_caught(old.item)
            old.go_on()
            new.go_on()
        return True

    def _was_seen(self, old: Mark, new: Mark) -> bool:
        if len(self.world.path) < len(self.world.prefix):  # an earlier world came through here already
            return False
        live = {id(mark.frame): names for mark in (old, new) if (names := self._live(mark)) is not None}
        try:
            states = [self._state(side, mark) for side, mark in zip(self.sides, (old, new), strict=True)]
            key = joint_key(self.world, *states, live=live)
        except Unrenderable:
            return False
        taken = (choice.taken for choice in self.world.path)
        here = (len(self.world.path), *taken, self.effects, self.world.turns)
        return self.seen.setdefault(key, here) != here

    def _state(self, side: Side, mark: Mark) -> tuple[object, ...]:
        """Return what decides how a side goes on.

        Raises:
            Unrenderable: where that isn't known.
        """
        machine = side.started.machine
        snapshot = machine.snapshot()
        if snapshot is None:
            raise Unrenderable
        return (mark.kind, snapshot, side.started.frame, tuple(machine.causes.items()), machine.draws, side.stopped)

    def _live(self, mark: Mark) -> frozenset[str] | None:
        """Return the variables of interest at a mark, `None` where that isn't known."""
        found = (prepared.live.get(id(mark.statement)) for prepared in self.prepared)
        return next((names for names in found if names is not None), None)

    def _step(self, old: Side, new: Side) -> Difference | None:
        if isinstance(old.item, Effect) and self._is_dropped_sleep(old.item, new):
            self.permitted.add("the sleep after the last failed attempt is dropped")
            self.dropped += 1
            old.go_on(NONE)
            return None
        if self._gives_way(old, new):
            new.go_on(NONE)
            return None
        if isinstance(old.item, Effect) and isinstance(new.item, Effect):
            return self._both(old, new, old.item, new.item)
        if isinstance(old.item, End) and isinstance(new.item, End):
            return None
        loops = isinstance(old.item, Mark) or isinstance(new.item, Mark)
        why = "one side loops on" if loops else "one side goes on where the other has ended"
        return Difference(old.item, new.item, why)

    def _gives_way(self, old: Side, new: Side) -> bool:
        sleeps = isinstance(old.item, Effect) and old.item.kind is EffectKind.ASYNC_SLEEP
        return not sleeps and gives_way(new.item, self.region.old) and self.world.assumes("yielding", "other tasks")

    def _is_dropped_sleep(self, effect: Effect, new: Side) -> bool:
        if effect.kind not in SLEEPS or not new.stopped:
            return False
        return not (isinstance(new.item, Effect) and new.item.kind in SLEEPS)

    def _both(self, old: Side, new: Side, first: Effect, second: Effect) -> Difference | None:
        if len(self.world.path) < len(self.world.prefix) and not self.dropped:  # compared in an earlier world
            self._answered(old, new, first, second)
            return None
        comparison = Comparison(self.world)
        if not comparison.same_effect(first, second):
            return Difference(old.item, new.item, "the next thing they do differs")
        if not self._same_handled(comparison, first, second):
            return Difference(old.item, new.item, "the exception being handled differs")
        self._refuse_kept(old, first)
        self._refuse_kept(new, second)
        self._answered(old, new, first, second)
        return None

    def _refuse_kept(self, side: Side, effect: Effect) -> None:
        """Refuse a function handed outside that keeps a variable of the region: it would see what is bound later.

        Raises:
            Refused: where that happens.
        """
        functions = [value for _, value in effect.operands if isinstance(value, FunctionObject)]
        if not functions:
            return
        prepared = self.prepared[1 if side.started.machine.is_new else 0]
        own = bound_names(prepared.body) & prepared.scope.bound
        for function in functions:
            kept = free_names(function.node) & own
            if kept:
                refused = Refused("ML407", f"a function that is handed out keeps {min(kept)}", function.node)
                refused.in_new = side.started.machine.is_new
                raise refused

    def _answered(self, old: Side, new: Side, first: Effect, second: Effect) -> None:
        answer = self._answer(first, second)
        self.trace.append((first, answer))
        old.go_on(answer)
        new.go_on(answer)

    def _same_handled(self, comparison: Comparison, old: Effect, new: Effect) -> bool:
        if old.kind in SLEEPS or comparison.same(old.handled, new.handled):
            return True
        if old.handled is not None or not (old.builds and new.builds):
            return False
        self.permitted.add("the exception raised at the end is made inside the handler of the last error")
        return True

    def _answer(self, old: Effect, new: Effect) -> Value | Thrown:
        self.effects += 1
        escape(old, self.effects)
        escape(new, self.effects)
        return Outside(self.world).answer(old, self.effects)

    def _ends(self, old: Side, new: Side) -> Difference | None:
        first, second = old.item, new.item
        if not isinstance(first, End) or not isinstance(second, End):
            return None
        why = self._different_end(first, second)
        return None if why is None else Difference(first, second, why)

    def _different_end(self, old: End, new: End) -> str | None:
        comparison = Comparison(self.world)
        if (old.error is None) is not (new.error is None):
            return "one side raises, the other doesn't"
        if not comparison.same(old.error, new.error):
            return "they raise different exceptions"
        if old.error is None and self._left(old) != self._left(new):
            return "they leave the code in different ways"
        if not comparison.same(self._value(old), self._value(new)):
            return "they return different values"
        if not self._same_causes(comparison):
            return "the exception's cause differs"
        return self._different_variables(old, comparison)

    def _left(self, end: End) -> str:
        if end.signal is None:
            return "return" if self.region.tail else "fall"
        return end.signal.kind

    def _value(self, end: End) -> Value:
        return NONE if end.signal is None or end.signal.value is None else end.signal.value

    def _same_causes(self, comparison: Comparison) -> bool:
        old, new = (side.started.machine.causes for side in self.sides)
        return old.keys() == new.keys() and all(comparison.same(old[key], new[key]) for key in old)

    def _different_variables(self, end: End, comparison: Comparison) -> str | None:
        leaves = end.error is not None or self._left(end) == "return"
        if leaves and not self.region.guarded:
            return None
        old, new = (side.started.frame.variables for side in self.sides)
        for name in sorted(self.region.visible & (old.keys() | new.keys())):
            same = comparison.same(old.get(name), new.get(name))
            if not same and not (name in self.region.unread and self.world.assumes("unread", name)):
                return f"the variable {name} differs afterwards"
        return None
