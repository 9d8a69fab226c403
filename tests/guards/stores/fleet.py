"""One process of a fleet, told what to do by its arguments; the tests start several.

    python -m tests.guards.stores.fleet spend PORT TOKENS RETRIES      prints how many retries were granted
    python -m tests.guards.stores.fleet probe PORT THREADS             prints "entered" or "refused" for each thread

Both print "ready" first and begin when a line comes in; a probe ends at the second line.
"""

from __future__ import annotations

import sys
import threading

import redis

from mulligan import Pipeline, Policy, execute, no_delay, try_execute
from mulligan.errors import BreakerOpen
from mulligan.guards import Budget, CircuitBreaker, RedisStore, consecutive, quota

__all__ = ["PERMITS", "breaker_of", "budget_of"]

PERMITS = 3
POLICY: Policy[int] = Policy(retry_on=ConnectionError, schedule=no_delay(), max_attempts=2)


def store_of(port: int) -> RedisStore:
    """Answer a store that waits long enough for a crowded machine."""
    return RedisStore(redis.Redis(port=port), timeout=30)


def budget_of(port: int, tokens: int) -> Budget:
    """Answer the fleet's budget, where a retry costs one token."""
    return Budget("fleet", quota(capacity=tokens, cost=1, credit=0), store=store_of(port))


def breaker_of(port: int, open_for: float) -> CircuitBreaker:
    """Answer the fleet's breaker."""
    return CircuitBreaker("fleet", consecutive(1), open_for=open_for, permits=PERMITS, store=store_of(port))


def spend(port: int, tokens: int, executions: int) -> None:
    """Fail again and again, and count the retries that the budget pays for."""
    pipeline = Pipeline(POLICY, guards=[budget_of(port, tokens)])
    calls = 0

    def down() -> int:
        nonlocal calls
        calls += 1
        raise ConnectionError

    begin()
    for _ in range(executions):
        try_execute(pipeline, down)
    print(calls - executions, flush=True)  # noqa: T201 - what the test reads


def probe(port: int, threads: int) -> None:
    """Try to be the probe, in several threads at once, and stay in the operation until the end."""
    pipeline = Pipeline(POLICY.replace(max_attempts=1), guards=[breaker_of(port, 0.05)])
    end, speaking = threading.Event(), threading.Lock()

    def say(word: str) -> None:
        sys.stdout.write(f"{word}\n")  # one write, so that threads don't mix their words
        sys.stdout.flush()

    def operation() -> int:
        with speaking:
            say("entered")
        end.wait()
        return 7

    def run() -> None:
        try:
            execute(pipeline, operation)
        except BreakerOpen:
            with speaking:
                say("refused")

    begin()
    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    sys.stdin.readline()
    end.set()
    for thread in running:
        thread.join()


def begin() -> None:
    """Say that all is ready, and wait for the start."""
    print("ready", flush=True)  # noqa: T201 - what the test reads
    sys.stdin.readline()


if __name__ == "__main__":
    task, *numbers = sys.argv[1:]
    first, *rest = map(int, numbers)
    if task == "spend":
        spend(first, *rest)
    else:
        probe(first, *rest)
