"""The delays of a site: a backoff, perhaps bounded, perhaps jittered; amounts as numbers or as the code spells them."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Additive",
    "Amount",
    "Backoff",
    "Constant",
    "Delays",
    "Exponential",
    "Fibonacci",
    "FullJitter",
    "Jitter",
    "Linear",
    "Longest",
    "NoDelay",
    "Proportional",
    "Schedule",
    "Shortest",
    "Symbol",
]


@dataclass(frozen=True, slots=True)
class Symbol:
    """An expression as the code spells it, such as `self.retries`, with the names that it reads."""

    text: str
    names: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


Amount = int | float | Symbol


@dataclass(frozen=True, slots=True)
class NoDelay:
    """The next attempt follows at once."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same delay, in seconds."""

    seconds: Amount


@dataclass(frozen=True, slots=True)
class Linear:
    """`start` seconds before the first retry, `step` more before each later one."""

    start: Amount
    step: Amount


@dataclass(frozen=True, slots=True)
class Exponential:
    """`base` seconds before the first retry, `factor` times as much before each later one."""

    base: Amount
    factor: Amount


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays that are listed, as numbers or as the code spells the list; the schedule ends with them."""

    values: Symbol | tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class Fibonacci:
    """`base` seconds before the first and the second retry, then as Fibonacci's numbers grow."""

    base: Amount


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest of several schedules at each retry."""

    parts: tuple[Schedule, ...]


@dataclass(frozen=True, slots=True)
class Shortest:
    """The shortest of several schedules at each retry."""

    parts: tuple[Schedule, ...]


Backoff = NoDelay | Constant | Linear | Exponential | Delays | Fibonacci | Longest | Shortest


@dataclass(frozen=True, slots=True)
class FullJitter:
    """Uniform between 0 and the backoff."""


@dataclass(frozen=True, slots=True)
class Additive:
    """The backoff and up to `most` seconds more."""

    most: Amount


@dataclass(frozen=True, slots=True)
class Proportional:
    """The backoff times a factor between `1 - ratio` and `1 + ratio`."""

    ratio: Amount


Jitter = FullJitter | Additive | Proportional


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The delays: a backoff, bounded by `cap` seconds, then jittered; a `loose` cap may be below the first backoff."""

    backoff: Backoff
    cap: Amount | None = None
    jitter: Jitter | None = None
    loose: bool = False
