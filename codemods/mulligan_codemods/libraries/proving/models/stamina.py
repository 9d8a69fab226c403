"""stamina: exponential growth plus jitter, and only then the cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.proving.models.model import Modelled

if TYPE_CHECKING:
    from mulligan_codemods.libraries.proving.models.model import Numbers

__all__ = ["stamina_model"]


def stamina_model(numbers: Numbers) -> Modelled:
    """Answer what `retry(on=…, …)` does."""
    most = numbers.number("wait_max", 5)

    def delays(attempt: int) -> tuple[float, float]:
        grown = numbers.number("wait_initial", 0.1) * numbers.number("wait_exp_base", 2) ** (attempt - 1)
        return min(most, grown), min(most, grown + numbers.number("wait_jitter", 1))

    return Modelled(delays=delays, attempts=numbers.optional("attempts"), stop_after=numbers.optional("timeout"))
