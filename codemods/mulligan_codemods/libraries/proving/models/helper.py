"""A team's own helper, as its mapping says: the delay grows by the factor, is capped, and something is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.proving.models.model import Modelled

if TYPE_CHECKING:
    from mulligan_codemods.libraries.proving.models.model import Numbers

__all__ = ["helper_model"]


def helper_model(numbers: Numbers) -> Modelled:
    """Answer what a helper does that is told these numbers."""
    unit = 1000 if numbers.told("milliseconds") else 1
    tries, retries = numbers.optional("max_attempts"), numbers.optional("max_retries")

    def delays(attempt: int) -> tuple[float, float]:
        grown = numbers.number("base") * numbers.number("factor", 1) ** (attempt - 1)
        most = numbers.optional("cap")
        least = grown if most is None else min(grown, most)
        return least / unit, (least + numbers.number("jitter")) / unit

    attempts = tries if tries is not None else None if retries is None or retries < 0 else retries + 1
    return Modelled(delays=delays, attempts=None if attempts is None or attempts < 0 else attempts)
