"""Bugs of other circuit breakers, and of an async resilience toolkit, beside mulligan."""

from __future__ import annotations

import asyncio
import importlib
import threading
from typing import TYPE_CHECKING, Any

from mulligan import Pipeline, Policy, Rejected, exponential, no_delay, retry
from mulligan.guards import CircuitBreaker, Status, consecutive
from mulligan.testing import run_virtual, virtual_time
from tests.regressions.bug import Bug

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["BREAKER_BUGS"]

SINGLE = Policy(retry_on=ConnectionError, schedule=no_delay(), max_attempts=1)
PATIENCE = 0.2
"""Seconds that a thread is waited for: much more than it needs where nothing holds it."""


def library(name: str) -> Any:
    """Answer a library that has no types."""
    return importlib.import_module(name)


def ours(threshold: int = 1) -> tuple[CircuitBreaker, Pipeline[object]]:
    """Answer a breaker that opens after failures in a row, and the pipeline that it hangs on."""
    breaker = CircuitBreaker("peer", consecutive(threshold), open_for=1)
    return breaker, Pipeline(SINGLE, guards=[breaker])


def calls_wait_for_each_other(decorate: Callable[[Callable[[bool], bool]], Callable[[bool], bool]]) -> bool:
    """Tell whether a second thread can't call while the first one is in its call."""

    def operation(outer: bool) -> bool:
        if not outer:
            return True
        inner = threading.Thread(target=guarded, args=(False,), daemon=True)
        inner.start()
        inner.join(PATIENCE)
        return not inner.is_alive()

    guarded = decorate(operation)
    return not guarded(True)


def async_failures_never_open(
    decorate: Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]],
) -> bool:
    """Tell whether failures of an async function are not counted."""
    calls: list[int] = []

    async def operation() -> None:
        calls.append(1)
        raise ConnectionError

    async def main() -> None:
        guarded = decorate(operation)
        for _ in range(9):
            await asyncio.gather(guarded(), return_exceptions=True)

    asyncio.run(main())
    return len(calls) == 9


def probes_while_half_open(guarded: Callable[[], None], reopen: Callable[[], None], probes: list[int]) -> bool:
    """Tell whether a half-open breaker lets a second probe through beside the first."""
    try:
        guarded()
    except ConnectionError:
        reopen()
    guarded()
    return len(probes) > 1


def probing(probes: list[int], call: Callable[[], Callable[[], None]]) -> Callable[[], None]:
    """Answer an operation that fails first, and then calls itself through its breaker while it probes."""
    failed: list[int] = []

    def operation() -> None:
        if not failed:
            failed.append(1)
            raise ConnectionError
        probes.append(1)
        if len(probes) == 1:
            try:
                call()()
            except Rejected:
                return

    return operation


def circuitbreaker_lets_every_probe_through() -> bool:
    breaker = library("circuitbreaker").CircuitBreaker(failure_threshold=1, recovery_timeout=1e-9)
    probes: list[int] = []
    guarded: Callable[[], None] = breaker(probing(probes, lambda: guarded))
    return probes_while_half_open(guarded, lambda: None, probes)


def ours_lets_every_probe_through() -> bool:
    _, pipeline = ours()
    probes: list[int] = []
    with virtual_time() as clock:
        guarded = retry(pipeline)(probing(probes, lambda: guarded))
        return probes_while_half_open(guarded, lambda: clock.advance(2), probes)


def cancelled(operation: Callable[[], Awaitable[None]]) -> None:
    """Cancel a call that waits."""

    async def main() -> None:
        task = asyncio.ensure_future(operation())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())


def failing_then_waiting() -> Callable[[], Awaitable[None]]:
    """Answer an operation that fails once and then waits forever."""
    failed: list[int] = []

    async def operation() -> None:
        if not failed:
            failed.append(1)
            raise ConnectionError
        await asyncio.Event().wait()

    return operation


def circuitbreaker_closes_when_a_probe_is_cancelled() -> bool:
    breaker = library("circuitbreaker").CircuitBreaker(failure_threshold=1, recovery_timeout=1e-9)
    guarded: Callable[[], Awaitable[None]] = breaker(failing_then_waiting())
    cancelled(guarded)
    before = str(breaker.state)
    cancelled(guarded)
    return (before, str(breaker.state)) == ("half_open", "closed")


def ours_closes_when_a_probe_is_cancelled() -> bool:
    breaker, pipeline = ours()
    guarded = retry(pipeline)(failing_then_waiting())
    with virtual_time() as clock:
        cancelled(guarded)
        clock.advance(2)
        cancelled(guarded)
        return breaker.status() is Status.CLOSED


def backoff_is_shared(decorate: Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]]) -> bool:
    """Tell whether one call begins the delays of another one anew: both take 1, 2 and 4 seconds by themselves."""

    async def operation() -> None:
        raise ConnectionError

    async def timed(guarded: Callable[[], Awaitable[None]], start: float) -> float:
        await asyncio.sleep(start)
        began = asyncio.get_running_loop().time()
        await asyncio.gather(guarded(), return_exceptions=True)
        return asyncio.get_running_loop().time() - began

    async def main() -> bool:
        guarded = decorate(operation)
        took = await asyncio.gather(timed(guarded, 0), timed(guarded, 1.5))
        return any(abs(seconds - 7) > 0.01 for seconds in took)

    return run_virtual(main)


def hyx_shares_its_backoff() -> bool:
    hyx = library("hyx.retry")
    backoffs = library("hyx.retry.backoffs")
    backoff = backoffs.expo(min_delay_secs=1, base=2)
    return backoff_is_shared(hyx.retry(on=ConnectionError, attempts=4, backoff=backoff))


BREAKER_BUGS: tuple[Bug, ...] = (
    Bug(
        what="a lock is held around the call, so that calls of other threads wait",
        library="pybreaker",
        original=lambda: calls_wait_for_each_other(library("pybreaker").CircuitBreaker(fail_max=3)),
        ours=lambda: calls_wait_for_each_other(retry(ours(3)[1])),
    ),
    Bug(
        what="failures of an async function never open the breaker",
        library="pybreaker",
        original=lambda: async_failures_never_open(library("pybreaker").CircuitBreaker(fail_max=3)),
        ours=lambda: async_failures_never_open(retry(ours(3)[1])),
    ),
    Bug(
        what="a half-open breaker lets any number of probes through",
        library="circuitbreaker",
        original=circuitbreaker_lets_every_probe_through,
        ours=ours_lets_every_probe_through,
    ),
    Bug(
        what="a cancelled probe closes a half-open breaker",
        library="circuitbreaker",
        original=circuitbreaker_closes_when_a_probe_is_cancelled,
        ours=ours_closes_when_a_probe_is_cancelled,
    ),
    Bug(
        what="calls at the same time begin each other's delays anew",
        library="hyx",
        original=hyx_shares_its_backoff,
        ours=lambda: backoff_is_shared(
            retry(Policy(retry_on=ConnectionError, schedule=exponential(1, factor=2), max_attempts=4))
        ),
    ),
)
