"""tenacity: stops and waits, alone and combined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.proving.models.model import Modelled

if TYPE_CHECKING:
    from mulligan_codemods.libraries.proving.models.model import Numbers

__all__ = ["tenacity_model"]

MOST = 4.6e18


def tenacity_model(numbers: Numbers) -> Modelled:
    """Answer what `retry(stop=…, wait=…)` does."""
    (wait,), (stop,), (ending,) = (numbers.strategies(name) for name in ("wait", "stop", "ending"))
    limits = _limits(stop)
    return Modelled(
        delays=lambda attempt: _wait(wait, attempt),
        attempts=limits.get("stop_after_attempt"),
        stop_after=limits.get("stop_after_delay"),
        timeout=limits.get("stop_before_delay"),
        on_exhausted=ending.name,
    )


def _limits(stop: Numbers) -> dict[str, float]:
    """Answer the lowest limit of each kind."""
    if stop.name == "stop_any":
        found: dict[str, float] = {}
        for each in stop.strategies("stops"):
            for name, limit in _limits(each).items():
                found[name] = min(limit, found.get(name, limit))
        return found
    if stop.name == "stop_after_attempt":
        return {stop.name: max(1, -(-stop.number("max_attempt_number") // 1))}
    return {} if stop.name == "stop_never" else {stop.name: stop.number("max_delay")}


def _wait(wait: Numbers, attempt: int) -> tuple[float, float]:
    match wait.name:
        case "wait_none":
            return 0.0, 0.0
        case "wait_fixed":
            return wait.number("wait"), wait.number("wait")
        case "wait_random":
            return wait.number("min"), wait.number("max", 1)
        case "wait_incrementing":
            grown = wait.number("start") + wait.number("increment", 100) * (attempt - 1)
            value = max(0.0, min(grown, wait.number("max", MOST)))
            return value, value
        case "wait_combine":
            parts = [_wait(each, attempt) for each in wait.strategies("strategies")]
            return sum(low for low, _ in parts), sum(high for _, high in parts)
        case _:
            return _exponential(wait, attempt)


def _exponential(wait: Numbers, attempt: int) -> tuple[float, float]:
    base = wait.number("multiplier", 1)
    if wait.number("initial", 1) != 1:
        base = wait.number("initial")
    grown = base * wait.number("exp_base", 2) ** (attempt - 1)
    least, most = wait.number("min"), wait.number("max", MOST)
    value = max(0.0, least, min(grown, most))
    if wait.name == "wait_random_exponential":
        return least, value
    if wait.name == "wait_exponential_jitter":
        return value, max(0.0, least, min(grown + wait.number("jitter", 1), most))
    return value, value
