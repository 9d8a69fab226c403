"""backoff: a generator of delays, and jitter on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.proving.models.model import Modelled
from mulligan_codemods.lowered import Strategy

if TYPE_CHECKING:
    from mulligan_codemods.libraries.proving.models.model import Numbers

__all__ = ["backoff_model"]


def backoff_model(numbers: Numbers) -> Modelled:
    """Answer what `on_exception(...)` or `on_predicate(...)` does."""
    (wait_gen,) = numbers.strategies("wait_gen")
    jitter = numbers.told("jitter")

    def delays(attempt: int) -> tuple[float, float]:
        value = _value(wait_gen, attempt)
        match jitter:
            case Strategy(name="full_jitter"):
                return 0.0, value
            case Strategy(name="random_jitter"):
                return value, value + 1
            case _:
                return value, value

    tries = numbers.optional("max_tries")
    endless = tries is None or tries < 1 or tries % 1 != 0
    ending = "return" if numbers.told("predicate") else "raise"
    return Modelled(delays=delays, attempts=None if endless else tries, on_exhausted=ending)


def _value(wait_gen: Numbers, attempt: int) -> float:
    most = wait_gen.optional("max_value")
    if wait_gen.name == "constant":
        return wait_gen.number("interval", 1)
    if wait_gen.name == "expo":
        grown = wait_gen.number("factor", 1) * wait_gen.number("base", 2) ** (attempt - 1)
        return grown if most is None or grown < most else most
    number, following = 1, 1
    for _ in range(attempt - 1):
        number, following = following, number + following
    return number if most is None or number < most else most
