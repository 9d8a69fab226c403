"""Schedules out of the pieces that libraries have: uniform draws, bounds, sums, the longest of several.

Rules: pure; the shortest form that means the same. A bound that could lie below the first backoff is loose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.reading.amounts import difference
from mulligan_codemods.lowered import (
    Additive,
    Constant,
    Exponential,
    Linear,
    Longest,
    NoDelay,
    Schedule,
    Shortest,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.lowered import Amount

__all__ = ["at_least", "at_most", "bounded", "constant", "is_drawn", "longest", "total", "uniform"]


def constant(seconds: Amount) -> Schedule:
    """Answer the same delay each time."""
    return Schedule(backoff=NoDelay() if seconds == 0 else Constant(seconds))


def uniform(least: Amount, greatest: Amount) -> Schedule | None:
    """Answer draws between two amounts, `None` where they are the wrong way round."""
    if least == greatest:
        return constant(least)
    if not isinstance(least, Symbol) and not isinstance(greatest, Symbol) and least > greatest:
        return None
    return Schedule(backoff=Constant(least), jitter=Additive(difference(greatest, least)))


def bounded(backoff: Exponential | Linear, cap: Amount | None) -> Schedule:
    """Answer a growing delay with a bound, which may lie below its beginning."""
    first = backoff.base if isinstance(backoff, Exponential) else backoff.start
    if cap is None:
        return Schedule(backoff=backoff)
    if isinstance(first, Symbol) or isinstance(cap, Symbol):
        return Schedule(backoff=backoff, cap=cap, loose=True)
    growing = not isinstance(backoff, Exponential) or (not isinstance(backoff.factor, Symbol) and backoff.factor >= 1)
    if cap <= first:
        return constant(cap) if growing else Schedule(backoff=backoff, cap=cap, loose=True)
    return Schedule(backoff=backoff, cap=cap)


def at_least(found: Schedule, least: Amount) -> Schedule:
    """Answer a schedule whose delays are no shorter than an amount."""
    if least == 0:
        return found
    match found.backoff, least:
        case Exponential(base=int() | float() as base, factor=int() | float() as factor), int() | float() as length:
            if length <= base and factor >= 1 and _reaches(found, length):
                return found
        case _:
            pass
    return longest([constant(least), found])


def _reaches(found: Schedule, least: float) -> bool:
    """Tell whether the bound of a schedule is no shorter than an amount."""
    return found.cap is None or (not isinstance(found.cap, Symbol) and found.cap >= least)


def at_most(found: Schedule, greatest: Amount | None) -> Schedule:
    """Answer a schedule whose delays are no longer than an amount, jitter included."""
    if greatest is None:
        return found
    return Schedule(backoff=Shortest((found, constant(greatest))))


def longest(parts: Sequence[Schedule]) -> Schedule:
    """Answer the longest of several schedules."""
    return parts[0] if len(parts) == 1 else Schedule(backoff=Longest(tuple(parts)))


def total(one: Schedule, other: Schedule) -> Schedule | None:
    """Answer the sum of two schedules, `None` where mulligan has none."""
    for first, second in ((one, other), (other, one)):
        if first.backoff == NoDelay() and first.jitter is None:
            return second
        if second.jitter is None and not is_drawn(second) and isinstance(first.jitter, Additive):
            if first.backoff in {NoDelay(), Constant(0)}:
                return Schedule(backoff=second.backoff, cap=second.cap, loose=second.loose, jitter=first.jitter)
            sum_ = _sum(first, second)
            if sum_ is not None:
                return Schedule(backoff=sum_, jitter=first.jitter)
    if one.jitter is None and other.jitter is None:
        sum_ = _sum(one, other)
        return None if sum_ is None else Schedule(backoff=sum_)
    return None


def _sum(one: Schedule, other: Schedule) -> Constant | None:
    match one.backoff, other.backoff:
        case Constant(seconds=first), Constant(seconds=second) if not (
            isinstance(first, Symbol) or isinstance(second, Symbol)
        ):
            return Constant(first + second)
        case _:
            return None


def is_drawn(found: Schedule) -> bool:
    """Tell whether a schedule is jittered, in one of its parts at least."""
    inner = found.backoff.parts if isinstance(found.backoff, Longest | Shortest) else ()
    return found.jitter is not None or any(map(is_drawn, inner))
