"""Bugs of other retry libraries with time: stops, timeouts, jitter."""

from __future__ import annotations

import threading
import time

import backoff
import stamina
import tenacity

from mulligan import (
    Execution,
    constant,
    execute,
    exponential,
    full_jitter,
)
from mulligan.testing import virtual_time
from tests.regressions.bug import POLICY, THRICE, Bug, counting, fails

__all__ = ["TIME_BUGS"]


def tenacity_retries_after_the_stop() -> bool:
    calls: list[int] = []
    stop = threading.Event()
    stop.set()
    wrap = tenacity.retry(
        sleep=tenacity.sleep_using_event(stop), wait=tenacity.wait_fixed(100), stop=THRICE, reraise=True
    )
    fails(wrap(counting(calls)))
    return len(calls) > 1


def ours_retries_after_the_stop() -> bool:
    calls: list[int] = []
    stop = threading.Event()

    def operation() -> None:
        calls.append(1)
        stop.set()
        raise ConnectionError

    fails(lambda: Execution(POLICY.replace(schedule=constant(100)), stop=stop).run(operation))
    return len(calls) > 1


def tenacity_loses_its_jitter() -> bool:
    wait = tenacity.wait_exponential_jitter(initial=1, max=10, jitter=1)
    state = tenacity.RetryCallState(tenacity.Retrying(), None, (), {})
    state.attempt_number = 9
    return len({wait(state) for _ in range(20)}) == 1


def ours_loses_its_jitter() -> bool:
    schedule = exponential(1, cap=10).jittered(full_jitter())
    return len({schedule.delay(9, seed, None) for seed in range(20)}) == 1


def stamina_overshoots() -> bool:
    begun = time.monotonic()
    fails(
        stamina.retry(on=ConnectionError, attempts=None, timeout=0.02, wait_initial=0.05, wait_max=0.05, wait_jitter=0)(
            counting([])
        )
    )
    return time.monotonic() - begun > 0.04


def ours_overshoots() -> bool:
    with virtual_time() as clock:
        policy = POLICY.replace(timeout=0.02, schedule=constant(0.05), max_attempts=99)
        fails(lambda: execute(policy, counting([])))
        return clock.monotonic() > 0.02


def backoff_overshoots() -> bool:
    starts: list[float] = []
    begun = time.monotonic()

    def operation() -> None:
        starts.append(time.monotonic() - begun)
        time.sleep(0.02)
        raise ConnectionError

    wrap = backoff.on_exception(
        backoff.constant, ConnectionError, max_time=0.04, interval=0.03, jitter=None, logger=None
    )
    fails(wrap(operation))
    return max(starts) > 0.04


def ours_attempts_after_the_timeout() -> bool:
    with virtual_time() as clock:
        starts: list[float] = []

        def operation() -> None:
            starts.append(clock.monotonic())
            clock.advance(0.02)
            raise ConnectionError

        fails(lambda: execute(POLICY.replace(timeout=0.04, schedule=constant(0.03)), operation))
        return max(starts) > 0.04


TIME_BUGS = (
    Bug(
        what="a stop event hastens the next attempt instead of preventing it",
        library="tenacity",
        original=tenacity_retries_after_the_stop,
        ours=ours_retries_after_the_stop,
    ),
    Bug(
        what="jitter vanishes once the delay has reached its cap",
        library="tenacity",
        original=tenacity_loses_its_jitter,
        ours=ours_loses_its_jitter,
    ),
    Bug(
        what="a sleep is started that ends after the timeout",
        library="stamina",
        original=stamina_overshoots,
        ours=ours_overshoots,
    ),
    Bug(
        what="an attempt begins after the time limit",
        library="backoff",
        original=backoff_overshoots,
        ours=ours_attempts_after_the_timeout,
    ),
)
