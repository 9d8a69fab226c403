"""retrying: the longest of the waits that are enabled, in milliseconds, plus jitter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.proving.models.model import Modelled

if TYPE_CHECKING:
    from mulligan_codemods.libraries.proving.models.model import Numbers

__all__ = ["retrying_model"]

MOST = 1073741823


def retrying_model(numbers: Numbers) -> Modelled:
    """Answer what `Retrying(...)` does."""
    limit, (ending,) = numbers.optional("stop_max_delay"), numbers.strategies("ending")

    def delays(attempt: int) -> tuple[float, float]:
        waits = [*_waits(numbers, attempt)]
        jitter = numbers.number("wait_jitter_max")
        least = max((low for low, _ in waits), default=0.0)
        greatest = max((high for _, high in waits), default=0.0)
        return least / 1000, (greatest + jitter) / 1000

    return Modelled(
        delays=delays,
        attempts=numbers.optional("stop_max_attempt_number"),
        stop_after=None if limit is None else limit / 1000,
        on_exhausted=ending.name,
    )


def _waits(numbers: Numbers, attempt: int) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    fixed = numbers.optional("wait_fixed")
    if fixed is not None:
        found.append((fixed, fixed))
    low, high = numbers.optional("wait_random_min"), numbers.optional("wait_random_max")
    if low is not None or high is not None:
        found.append((low or 0, 1000 if high is None else high))
    start, step = numbers.optional("wait_incrementing_start"), numbers.optional("wait_incrementing_increment")
    if start is not None or step is not None:
        grown = (start or 0) + (100 if step is None else step) * (attempt - 1)
        value = max(0.0, min(grown, numbers.number("wait_incrementing_max", MOST)))
        found.append((value, value))
    multiplier, most = numbers.optional("wait_exponential_multiplier"), numbers.optional("wait_exponential_max")
    if multiplier is not None or most is not None:
        value = max(0.0, min((1 if multiplier is None else multiplier) * 2**attempt, MOST if most is None else most))
        found.append((value, value))
    return found
