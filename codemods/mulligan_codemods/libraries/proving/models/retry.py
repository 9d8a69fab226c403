"""retry: the delay grows after each sleep, and only then it is capped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.proving.models.model import Modelled

if TYPE_CHECKING:
    from mulligan_codemods.libraries.proving.models.model import Numbers

__all__ = ["retry_model"]


def retry_model(numbers: Numbers) -> Modelled:
    """Answer what `retry(tries=…, delay=…, max_delay=…, backoff=…, jitter=…)` does."""
    tries = numbers.number("tries", -1)

    def delays(attempt: int) -> tuple[float, float]:
        delay = numbers.number("delay")
        for _ in range(attempt - 1):
            delay = delay * numbers.number("backoff", 1) + numbers.number("jitter")
            most = numbers.optional("max_delay")
            delay = delay if most is None else min(delay, most)
        return delay, delay

    endless = tries < 0 or tries % 1 != 0
    return Modelled(delays=delays, attempts=None if endless else tries)
