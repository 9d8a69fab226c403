"""What a model answers, and the numbers that it is given.

Rules: pure; every amount of the use is a number here, drawn by the proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mulligan_codemods.lowered import Strategy, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan_codemods.lowered import Told

__all__ = ["Model", "Modelled", "Numbers"]

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modelled:
    """How a library goes about a use.

    Args:
        delays: the least and the greatest delay in seconds after each attempt, counted from 1.
        attempts: how many attempts are made at most; `None`: no limit.
        stop_after: seconds after which a failure is final.
        timeout: seconds that no sleep may reach.
        on_exhausted: what happens in the end.
    """

    delays: Callable[[int], Bounds]
    attempts: float | None
    stop_after: float | None = None
    timeout: float | None = None
    on_exhausted: str = "raise"


class Numbers:
    """The arguments of a strategy as numbers.

    Args:
        strategy: what the library was told.
        value: answers the number that an expression stands for.
    """

    __slots__ = ("_given", "name", "value")

    def __init__(self, strategy: Strategy, value: Callable[[str], float]) -> None:
        self.name = strategy.name
        self._given = dict(strategy.given)
        self.value = value

    def told(self, name: str) -> Told:
        """Answer an argument as it was told, `None` where it was not."""
        return self._given.get(name)

    def optional(self, name: str) -> float | None:
        """Answer a number, `None` where none was told."""
        found = self._given.get(name)
        if isinstance(found, Symbol):
            return self.value(found.text)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else None

    def number(self, name: str, default: float = 0) -> float:
        """Answer a number, the default where none was told."""
        found = self.optional(name)
        return default if found is None else found

    def strategies(self, name: str) -> tuple[Numbers, ...]:
        """Answer the strategies that were told under a name."""
        found = self._given.get(name)
        told = found if isinstance(found, tuple) else (found,)
        return tuple(Numbers(each, self.value) for each in told if isinstance(each, Strategy))


class Model(Protocol):
    """Says what a library does when it is told something."""

    def __call__(self, numbers: Numbers, /) -> Modelled:
        """Answer what it does."""
        ...
