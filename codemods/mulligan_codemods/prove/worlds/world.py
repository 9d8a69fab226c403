# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""The world that both programs share: every question about the outside, answered once.

Rules: a question has a key, and the same key gets the same answer on both sides. Answers are chosen lazily; a world is
the list of its choices, so it can be replayed and the next one enumerated depth-first. An answer that earlier answers
imply is never chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mulligan.schedules.counter import uniform
from mulligan_codemods.prove.values.exceptions import is_class_name, owners
from mulligan_codemods.prove.values.terms import Operation, Result, Root, Term, Value, path_text
from mulligan_codemods.prove.worlds.kinds import Kinds
from mulligan_codemods.prove.worlds.variety import PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.prove.worlds.variety import Variety

__all__ = ["Choice", "Infeasible", "Key", "Premise", "World"]

T = TypeVar("T")


class Infeasible(Exception):  # noqa: N818 - a signal, not an error of ours
    """The choices so far contradict each other: no such world."""


@dataclass(frozen=True, slots=True)
class Premise:
    """An assumption in force: its kind and what it is about."""

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Key:
    """A question; `epoch` where the answer may change with the next call."""

    question: str
    subject: tuple[Value | int | str | frozenset[Value], ...]
    epoch: int | None = None


class Choice(NamedTuple):
    """One answer on the way, of how many, and the question for the story."""

    taken: int
    options: int
    key: Key
    answer: object
    turn: int = 0


_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_SEEDS = (7, 2)
_BASE, _EXCEPTION = Root("builtin", "BaseException"), Root("builtin", "Exception")
_COUNTS: tuple[int, ...] = (2, 0, -1, 1, 3)
_NUMBERS: tuple[int | float, ...] = (0.7, -1, 0, 2, 3.5)


@dataclass(slots=True)
class World:
    """Answers chosen along one path, replaying `prefix` first."""

    prefix: Sequence[int]
    premises: frozenset[Premise]
    variety: Variety = PLAIN
    path: list[Choice] = field(default_factory=list[Choice])
    facts: dict[Key, object] = field(default_factory=dict[Key, object])
    kinds: dict[Value, Kinds] = field(default_factory=dict[Value, Kinds])
    epoch: int = 0
    applicable: set[Premise] = field(default_factory=set[Premise])
    numbers: dict[Value, int | float] = field(default_factory=dict[Value, int | float])
    violated: set[Premise] = field(default_factory=set[Premise])
    reads: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    turns: int = 0
    varied: list[int | float] = field(default_factory=list[int | float])
    now: float = 0.0
    made: dict[int, Value] = field(default_factory=dict[int, Value])

    def assumes(self, code: str, path: str | None, *, matters: bool = True) -> bool:
        """Tell whether an assumption is in force, and note that it would matter here.

        Args:
            code: its kind.
            path: what it is about.
            matters: whether the world does here what the assumption rules out.
        """
        if path is None:
            return False
        premise = Premise(code, path)
        self.applicable.add(premise)
        if premise in self.premises:
            return True
        if matters:
            self.violated.add(premise)
        return False

    def presumes(self, code: str, path: str | None) -> bool:
        """Tell whether an assumption is in force, which may not matter here."""
        return bool(self.premises) and path is not None and Premise(code, path) in self.premises

    def note_read(self, path: str | None, *, failed: bool = False) -> None:
        """Note that something is read in this epoch."""
        if path is not None:
            epochs = self.reads.setdefault(path, set())
            epochs.add(-1 if failed else self.epoch)

    def violations(self) -> set[Premise]:
        """Return the assumptions that this world does not keep."""
        changing = {
            premise
            for premise in self.applicable
            if premise.code == "unchanged" and (len(self.reads.get(premise.path, ())) > 1)
        }
        return (self.violated | changing) - self.premises

    def choose(self, key: Key, options: Sequence[T]) -> T:
        """Answer a question, the same way each time it is asked."""
        if key in self.facts:
            answer: T = self.facts[key]  # type: ignore[assignment]  # facts hold what was chosen under the same key
            return answer
        if not options:
            raise Infeasible
        chosen = options[0]
        if len(options) > 1:
            place = len(self.path)
            index = self.prefix[place] if place < len(self.prefix) else 0
            chosen = options[index]
            self.path.append(Choice(index, len(options), key, chosen, self.turns))
        self.facts[key] = chosen
        return chosen

    def matches(self, error: Value, atoms: frozenset[Value]) -> bool:
        """Tell whether an exception from outside is an instance of one of these classes."""
        if _BASE in atoms:
            return True
        known = self.kinds.get(error)
        if known is None:
            known = self.kinds[error] = Kinds()
        open_atoms = frozenset(atom for atom in atoms if not known.denies(atom))
        if _EXCEPTION in known.denied:
            open_atoms = frozenset(atom for atom in open_atoms if not self._ordinary(atom))
        if not open_atoms:
            return False
        if known.grants(open_atoms):
            return True
        if _EXCEPTION in open_atoms and any(all(map(self._ordinary, known.left(group))) for group in known.granted):
            return True
        if not known.may_deny(open_atoms):
            return True
        if self.choose(Key("instance", (error, open_atoms)), (True, False)):
            known.granted.append(open_atoms)
            return True
        known.denied.update(open_atoms)
        return False

    def has_own(self, error: Value, name: str) -> bool:
        """Tell whether an exception is known to have an attribute, because a standard class gives it."""
        known = self.kinds.get(error)
        return known is not None and any(known.grants((owner,)) for owner in owners(name))

    def _ordinary(self, atom: Value) -> bool:
        """Tell whether a class is taken to derive from Exception."""
        if not is_class_name(atom) or (isinstance(atom, Root) and atom.space == "builtin"):
            return False
        return self.assumes("ordinary", path_text(atom))

    def seed(self) -> int:
        """Choose what fixes the random draws of both sides."""
        return self.choose(Key("seed", ()), _SEEDS) if self.variety.is_random else 0

    def draw(self, number: int) -> float:
        """Return the n-th random draw from [0, 1), as mulligan draws it for the n-th retry."""
        return uniform(self.seed(), number)

    def pass_time(self, number: int) -> None:
        """Let a call take its time, where anything looks at the clock."""
        if self.variety.durations:
            self.now += self.choose(Key("takes", (number,)), self.variety.durations)

    def truth(self, value: Value) -> bool:
        """Answer the truth of an opaque value, now."""
        drawn = self.drawn(value)
        if drawn is not None:
            return bool(drawn)
        if self.is_none(value, ask=False):
            return False
        return self.choose(Key("truth", (value,), self.epoch), (True, False))

    def is_none(self, value: Value, *, ask: bool = True) -> bool:
        """Answer whether an opaque value is None; what a comparison answers isn't."""
        if self.drawn(value) is not None or (isinstance(value, Operation) and value.operator in _COMPARISONS):
            return False
        key = Key("none", (value,))
        if key not in self.facts and (not ask or self.facts.get(Key("truth", (value,), self.epoch)) is True):
            return False
        return self.choose(key, (False, True))

    def drawn(self, value: Value) -> int | float | None:
        """Return the number that an opaque value was found to be, if it was."""
        return self.numbers.get(value) if self.numbers else None

    def number(self, value: Term, *, count: bool) -> int | float:
        """Draw the number that an opaque value is, once; what an assumption would rule out comes first."""
        found = self.drawn(value)
        if found is not None:
            return found
        options: Sequence[int | float] = self._counts() if count else self._numbers()
        options = [option for option in options if self._fits(value, option)]
        path = path_text(value) or ("the result of a call" if isinstance(value, Result) else None)
        least, code = (1, "count") if count else (0, "delay")
        if self.assumes(code, path, matters=False):
            options = [option for option in options if option >= least]
        if not options:
            raise Infeasible
        drawn = sorted(self._one_at_a_time(options), key=lambda option: option >= least)
        found = self.numbers[value] = self.choose(Key("number", (value,)), drawn)
        if found != options[0]:
            self.varied.append(found)
        if found < least:
            self.assumes(code, path)
        return found

    def _one_at_a_time(self, options: Sequence[int | float]) -> Sequence[int | float]:
        """Vary one number of a world, or one together with the large count, at which bounds show."""
        if not self.varied or (self.variety.bounded and self.varied == [self.variety.large]):
            return options
        both = self.variety.bounded and len(self.varied) == 1 and self.variety.large in options[1:]
        return (options[0], self.variety.large) if both else options[:1]

    def note_number(self, value: Value) -> None:
        """Note that a read is used as a number, so that it matters whether a call changes it."""
        path = path_text(value)
        if path is not None and self.may_stay(path):
            self.applicable.add(Premise("unchanged", path))

    def may_stay(self, path: str) -> bool:
        """Tell whether the code itself leaves an attribute alone, so that only a call could change it."""
        return "*" not in self.variety.stored and path.rpartition(".")[2].partition("[")[0] not in self.variety.stored

    def _counts(self) -> Sequence[int]:
        return tuple(dict.fromkeys((*_COUNTS, self.variety.large, *self.variety.literals)))

    def _numbers(self) -> Sequence[int | float]:
        return tuple(dict.fromkeys((*_NUMBERS, *self.variety.literals)))

    def _fits(self, value: Value, number: float) -> bool:
        for key, answer in self.facts.items():
            if key.question == "truth" and key.subject == (value,) and answer is not bool(number):
                return False
            if key.question == "none" and key.subject == (value,) and answer is True:
                return False
        return True
