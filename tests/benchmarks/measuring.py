"""Timing by ratios: everything that is compared is measured in the same run, in turns.

Rules: a case's time is the least of many short samples, because noise only ever adds; samples of all cases alternate,
so that a busy moment hits them all. No collector runs while a sample is taken.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from types import FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import timeit
    from collections.abc import Callable, Coroutine, Mapping

__all__ = ["imports", "least", "least_async"]


def least(cases: Mapping[str, timeit.Timer], *, rounds: int, number: int) -> dict[str, float]:
    """Answer the least nanoseconds of each case.

    Args:
        cases: what to time, by name.
        rounds: how many samples each case gets.
        number: how many calls a sample has.
    """
    best = dict.fromkeys(cases, float("inf"))
    for _ in range(rounds):
        for name, timer in cases.items():
            best[name] = min(best[name], timer.timeit(number) / number * 1e9)
    return best


def least_async(cases: Mapping[str, str], scope: dict[str, object], *, rounds: int, number: int) -> dict[str, float]:
    """Answer the least nanoseconds of each awaited expression.

    Args:
        cases: an expression to await, by name.
        scope: the names that the expressions use.
        rounds: how many samples each case gets.
        number: how many awaits a sample has.
    """
    samples = {name: _sample(expression, scope) for name, expression in cases.items()}
    best = dict.fromkeys(cases, float("inf"))
    for _ in range(rounds):
        for name, sample in samples.items():
            best[name] = min(best[name], asyncio.run(sample(number)) / number * 1e9)
    return best


def _sample(expression: str, scope: dict[str, object]) -> Callable[[int], Coroutine[object, object, float]]:
    source = (
        "async def sample(number):\n"
        "    start = clock()\n"
        "    for _ in range(number):\n"
        f"        await {expression}\n"
        "    return clock() - start\n"
    )
    names: dict[str, object] = {**scope, "clock": time.perf_counter}
    exec(source, names)  # noqa: S102 - the expressions of the benchmark itself
    sample = names["sample"]
    assert isinstance(sample, FunctionType)
    return sample


def imports(modules: tuple[str, ...], *, rounds: int) -> dict[str, float]:
    """Answer the least seconds that importing each module takes, above starting Python.

    Args:
        modules: their names.
        rounds: how many processes each module gets.
    """
    statements = {module: f"import {module}" for module in modules} | {"": "pass"}
    best = dict.fromkeys(statements, float("inf"))
    for _ in range(rounds):
        for module, statement in statements.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 - our own statements
            best[module] = min(best[module], time.perf_counter() - start)
    return {module: seconds - best[""] for module, seconds in best.items() if module}
