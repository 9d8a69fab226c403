"""The search through all worlds, and for the fewest assumptions under which the two sides agree.

Rules: no assumption is made first. Where that fails, the documented ones that the search met are made together; of
those that suffice, each that isn't needed is dropped again. What remains is printed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.interpreter import Policies
from mulligan_codemods.prove.machine.start import prepare
from mulligan_codemods.prove.result import Assumption, Differs, Proof, Proved, Undecided
from mulligan_codemods.prove.story import tell, timelines
from mulligan_codemods.prove.worlds.lockstep import Lockstep, Seen
from mulligan_codemods.prove.worlds.outside import EARLY
from mulligan_codemods.prove.worlds.variety import variety
from mulligan_codemods.prove.worlds.world import Choice, Infeasible, Premise, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan_codemods.prove.texts.region import Region
    from mulligan_codemods.prove.texts.scopes import Module
    from mulligan_codemods.prove.worlds.sides import Difference

__all__ = ["Limits", "Search"]


CLOCKED = 64
"""After how many worlds the clock is read again: each reading is a call of the system."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a search: worlds and steps are the same on every machine, the seconds of processor time are not."""

    worlds: int
    steps: int
    seconds: float


@dataclass(slots=True)
class Found:
    """What one search through the worlds found."""

    premises: frozenset[Premise]
    difference: tuple[Lockstep, Difference] | None
    applicable: set[Premise]
    permitted: set[str]
    worlds: int
    violated: set[Premise] = field(default_factory=set[Premise])
    bound: str | None = None


class OutOfBounds(Exception):  # noqa: N818 - a signal, not an error of ours
    """A bound was reached."""


class Search:
    """The search for one region."""

    def __init__(
        self, region: Region, modules: tuple[Module, Module], policies: Mapping[str, str], limits: Limits
    ) -> None:
        self.region = region
        self.prepared = prepare(region, modules[0], is_new=False), prepare(region, modules[1], is_new=True)
        self.policies = Policies(policies)
        self.limits = limits
        self.began = time.process_time()
        self.worlds = 0
        self.steps = 0
        self.shown: list[list[int]] = []
        self.variety = variety(region, policies)

    def prove(self) -> Proof:
        """Answer whether the sides agree, and under which assumptions."""
        try:
            return self._prove()
        except OutOfBounds as bound:
            return Undecided(
                message=f"not all worlds were seen within {bound}",
                worlds=self.worlds,
                seconds=self._seconds(),
            )

    def _seconds(self) -> float:
        return time.process_time() - self.began

    def _prove(self) -> Proof:
        found = self._explore(frozenset())
        doubtful = False
        while found.difference is not None:
            added = found.violated - found.premises
            if len(added) != 1:
                doubtful = True
            wider = found.premises | (added or found.applicable)
            if wider == found.premises:
                return self._differs(*found.difference)
            found = self._explore(wider)
        if doubtful:
            found = self._fewest(found)
        return Proved(
            assumptions=tuple(sorted(map(_assumption, found.premises))),
            differences=tuple(sorted(found.permitted)),
            worlds=found.worlds,
            seconds=self._seconds(),
            bound=found.bound,
        )

    def _fewest(self, found: Found) -> Found:
        for premise in sorted(found.premises, key=lambda premise: (premise.code, premise.path)):
            fewer = found.premises - {premise}
            if any(self._shows_again(path, fewer) for path in self.shown):
                continue
            tried = self._explore(fewer)
            if tried.difference is None:
                found = tried
        return found

    def _shows_again(self, path: Sequence[int], premises: frozenset[Premise]) -> bool:
        """Tell whether a world like one that showed a difference shows one under these assumptions."""
        self._count()
        lockstep = self._lockstep(path, premises, {})
        try:
            return lockstep.run() is not None
        except (Infeasible, IndexError):  # other assumptions leave other choices
            return False
        finally:
            self.steps += lockstep.steps()

    def _differs(self, lockstep: Lockstep, difference: Difference) -> Differs:
        old, new = timelines(lockstep, difference)
        return Differs(story=tell(lockstep, difference), old=old, new=new, worlds=self.worlds, seconds=self._seconds())

    def _explore(self, premises: frozenset[Premise]) -> Found:
        found = Found(premises, None, set(), set(), 0)
        seen: Seen = {}
        prefix: Sequence[int] | None = ()
        longest = 0
        while prefix is not None:
            self._count()
            lockstep = self._lockstep(prefix, premises, seen)
            world = lockstep.world
            try:
                difference = lockstep.run()
                found.worlds += 1
            except Infeasible:
                difference = None
            finally:
                self.steps += lockstep.steps()
            found.applicable |= world.applicable
            found.permitted |= lockstep.permitted
            for side in lockstep.sides:
                found.permitted |= side.started.machine.noted
            if difference is not None:
                found.difference = (lockstep, difference)
                found.violated = world.violations()
                self.shown.append([choice.taken for choice in world.path])
                return found
            longest = max(longest, world.turns)
            prefix, skipped = following(world.path, longest)
            if skipped:
                found.bound = f"of {longest} attempts, the {EARLY + 1}th to the {longest - LATE}th fail in one way only"
        return found

    def _lockstep(self, prefix: Sequence[int], premises: frozenset[Premise], seen: Seen) -> Lockstep:
        world = World(prefix, premises, self.variety)
        return Lockstep(world, self.region, self.prepared, self.policies, seen)

    def _count(self) -> None:
        self.worlds += 1
        if self.worlds > self.limits.worlds:
            raise OutOfBounds(f"{self.limits.worlds} worlds")
        if self.steps > self.limits.steps:
            raise OutOfBounds(f"{self.limits.steps} steps")
        if self.worlds % CLOCKED == 0 and self._seconds() > self.limits.seconds:
            raise OutOfBounds(f"{self.limits.seconds:g} s")


def following(path: Sequence[Choice], longest: int) -> tuple[list[int] | None, bool]:
    """Return the choices of the next world, depth-first, `None` after the last; and whether any was skipped.

    Args:
        path: the choices of this world.
        longest: the turns of the longest world so far; where there are very many, those in the middle go one way only.
    """
    skipped = False
    for place in range(len(path) - 1, -1, -1):
        choice = path[place]
        if choice.taken + 1 < choice.options:
            if longest > MANY and EARLY < choice.turn <= longest - LATE:
                skipped = True
                continue
            return [*(earlier.taken for earlier in path[:place]), choice.taken + 1], skipped
    return None, skipped


MANY, LATE = 20, 2
"""From how many attempts on the middle ones go one way only, and how many of the last ones go every way."""


_TEXTS = {
    "count": "{} ≥ 1",
    "delay": "{} ≥ 0",
    "unchanged": "{} is not changed by the call",
    "lookup": "{} is the same method at each attempt",
    "ordinary": "{} derives from Exception",
    "pausing": "{} only waits",
    "yielding": "{} may run between two attempts",
    "unread": "no other module reads {}",
    "swallows": "{} swallows no error when it is left",
    "logging": "writing to {} raises nothing and changes nothing",
}


def _assumption(premise: Premise) -> Assumption:
    return Assumption(
        code=premise.code,
        text=_TEXTS[premise.code].format(premise.path),
        documented=premise.code not in {"swallows", "unread", "yielding"},
    )
