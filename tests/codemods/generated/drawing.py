"""How the pieces of the grammar choose: a source of numbers behind `pick` and `chance`.

Rules: Hypothesis chooses in the tests, so that failures shrink towards the first options; a seeded generator chooses
in long campaigns, where every loop should be another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from random import Random

__all__ = ["Draw", "FromHypothesis", "FromRandom", "chance", "indented", "pick"]

T = TypeVar("T")


class Draw(Protocol):
    """A source of choices."""

    def below(self, bound: int) -> int:
        """Choose a number from 0 to less than the bound; 0 is the simplest."""
        ...


@dataclass(frozen=True, slots=True)
class FromHypothesis:
    """Hypothesis chooses."""

    draw: st.DrawFn

    def below(self, bound: int) -> int:
        """Choose a number."""
        return self.draw(st.integers(0, bound - 1))


@dataclass(frozen=True, slots=True)
class FromRandom:
    """A seeded generator chooses."""

    random: Random

    def below(self, bound: int) -> int:
        """Choose a number."""
        return self.random.randrange(bound)


def pick(draw: Draw, *options: T) -> T:
    """Choose one of some options; the first is the simplest."""
    return options[draw.below(len(options))]


def chance(draw: Draw, percent: int) -> bool:
    """Choose whether something happens."""
    return draw.below(100) >= 100 - percent


def indented(lines: list[str]) -> list[str]:
    """Move lines one step to the right; an empty block becomes `pass`."""
    return [f"    {line}" for line in lines] or ["    pass"]
