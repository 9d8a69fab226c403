"""The parameters of a loop's policy.

Rules: pure; symbolic parameters stay as the code spells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Parameters, Symbol
from mulligan_codemods.recognise.lowering.classes import classes_of
from mulligan_codemods.recognise.lowering.delays import NO_DELAY, schedule_of
from mulligan_codemods.recognise.numbers.sums import amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["parameters_of", "symbols_of"]


def parameters_of(reading: Reading) -> Parameters:
    """Answer what the policy of a loop says."""
    end = reading.end
    seconds = None if end.seconds is None else amount(end.seconds)
    return Parameters(
        retry_on=classes_of(reading),
        schedule=NO_DELAY if reading.followed else schedule_of(reading),
        max_attempts=None if end.attempts is None else amount(end.attempts),
        stop_after=None if end.paused else seconds,
        timeout=seconds if end.paused else None,
    )


def symbols_of(parameters: Parameters) -> Iterable[str]:
    """Yield the expressions that each call gives by itself."""
    found = parameters.schedule
    backoff = [getattr(found.backoff, field, None) for field in found.backoff.__dataclass_fields__]
    jitter = [getattr(found.jitter, field, None) for field in found.jitter.__dataclass_fields__] if found.jitter else []
    for value in (
        parameters.max_attempts,
        parameters.stop_after,
        parameters.timeout,
        found.cap,
        *backoff,
        *jitter,
    ):
        if isinstance(value, Symbol):
            yield value.text
