"""What a generated loop is: a module's text, and how to call what holds the loop.

Rules: values only. The text is our own; it imports the standard library and `outside`, the stand-in of all that is
foreign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Loop", "Number", "Place"]


class Place(StrEnum):
    """What holds the loop."""

    FUNCTION = "function"
    METHOD = "method"
    MODULE = "module"


class Number(StrEnum):
    """What a number from outside is for."""

    COUNT = "count"
    DELAY = "delay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A generated module.

    Args:
        text: the module.
        place: what holds the loop; its name is `work`, a method's class `Client`.
        asynchronous: whether `work` is a coroutine function.
        parameters: the numbers that `work` takes after `url` and `client`.
        attributes: the numbers that an instance of `Client` is made with.
        shape: the shape of the loop, such as `S01`.
        features: what is peculiar about it, for the counts.
    """

    text: str
    place: Place = Place.FUNCTION
    asynchronous: bool = False
    parameters: tuple[tuple[str, Number], ...] = ()
    attributes: tuple[tuple[str, Number], ...] = ()
    shape: str = ""
    features: frozenset[str] = field(default_factory=frozenset[str])
