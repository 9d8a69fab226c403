"""The delay of a loop as a schedule: what `time.sleep(…)` computes at failure k is the delay of retry k.

Rules: pure; a delay that no schedule gives exactly is refused, never approximated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from mulligan_codemods.lowered import (
    Additive,
    Constant,
    Exponential,
    FullJitter,
    Jitter,
    Linear,
    NoDelay,
    Proportional,
    Schedule,
)
from mulligan_codemods.recognise.numbers.sums import Sum, amount
from mulligan_codemods.recognise.numbers.values import Capped, Growth, Jittered, Line, Value

if TYPE_CHECKING:
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["NO_DELAY", "schedule_of"]

NO_DELAY = Schedule(backoff=NoDelay())


def schedule_of(reading: Reading) -> Schedule:
    """Answer the schedule of a loop."""
    if reading.listed is not None:
        return Schedule(backoff=reading.listed)
    return NO_DELAY if reading.delay is None else schedule(reading.delay)


def schedule(value: Value) -> Schedule:
    """Answer the schedule whose delay before retry k is `value` at k."""
    match value:
        case Jittered(value=inner, kind=kind, extent=extent):
            plain = _unjittered(inner)
            return Schedule(backoff=plain.backoff, cap=plain.cap, jitter=_jitter(kind, extent))
        case _:
            return _unjittered(value)


def _jitter(kind: str, extent: Sum) -> Jitter:
    match kind:
        case "full":
            return FullJitter()
        case "additive":
            return Additive(amount(extent))
        case _:
            return Proportional(amount(extent))


def _unjittered(value: Line | Growth | Capped) -> Schedule:
    match value:
        case Line(start=start, step=step) if step.number == 0:
            return Schedule(backoff=Constant(amount(start)))
        case Line(start=start, step=step):
            return Schedule(backoff=Linear(amount(start), amount(step)))
        case Growth(base=base, ratio=ratio):
            return Schedule(backoff=Exponential(amount(base), amount(ratio)))
        case Capped(value=inner, cap=cap):
            return Schedule(backoff=_unjittered(inner).backoff, cap=amount(cap))
        case _:
            assert_never(value)
