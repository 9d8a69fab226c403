"""What guards cost where nothing fails, against every breaker of others that is installed, and from 16 threads.

    python -m tests.benchmarks.guards

Rules: every figure comes from one run; a goal is a ratio. Each peer's breaker opens after five failures in a row, as
ours does; the peers have no budget, so ours carries one more guard.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import threading
import time
import timeit
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import least, least_async
from tests.benchmarks.ratios import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["BREAKERS", "Breaker", "happy", "installed", "scope_of", "throughput"]

THREADS = 16
OPERATIONS = """
calls = 0
def succeed():
    return 1
async def succeed_async():
    return 1
def fail():
    global calls
    calls += 1
    raise ConnectionError
"""
OURS = """
from mulligan import Pipeline, Policy, execute, no_delay, retry
from mulligan.guards import AdaptiveThrottle, Budget, CircuitBreaker
from mulligan.guards import consecutive, count_window, deposit, quota, time_window
POLICY = Policy(retry_on=ConnectionError, schedule=no_delay())
ONE = Pipeline(POLICY, guards=[CircuitBreaker("b", consecutive(5))])
BOTH = Pipeline(POLICY, guards=[CircuitBreaker("b", consecutive(5)), Budget("q", quota())])
WINDOW = Pipeline(POLICY, guards=[CircuitBreaker("b", time_window(30)), Budget("q", quota())])
COUNTING = Pipeline(POLICY, guards=[CircuitBreaker("b", count_window(20)), Budget("q", deposit())])
THROTTLED = Pipeline(POLICY, guards=[AdaptiveThrottle("t")])
KEYED = Pipeline(POLICY, guards=[CircuitBreaker("b", consecutive(5), key=lambda: "x")])
one, both, window = retry(ONE)(succeed), retry(BOTH)(succeed), retry(WINDOW)(succeed)
both_async = retry(BOTH)(succeed_async)
wrap = retry(Pipeline(POLICY.replace(max_attempts=1), guards=[CircuitBreaker("b", consecutive(5))]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Somebody else's breaker: source that defines `wrap`, and `wrap_async` where there is one."""

    name: str
    distribution: str
    source: str
    is_async: bool = False


BREAKERS = (
    Breaker(
        name="pybreaker",
        distribution="pybreaker",
        source="""
from pybreaker import CircuitBreaker
def wrap(fn):
    return CircuitBreaker(fail_max=5, reset_timeout=60)(fn)
""",
    ),
    Breaker(
        name="circuitbreaker",
        distribution="circuitbreaker",
        source="""
from circuitbreaker import CircuitBreaker
def wrap(fn):
    return CircuitBreaker(failure_threshold=5, recovery_timeout=60)(fn)
wrap_async = wrap
""",
        is_async=True,
    ),
    Breaker(
        name="purgatory",
        distribution="purgatory",
        source="""
from purgatory import AsyncCircuitBreakerFactory, SyncCircuitBreakerFactory
def wrap(fn):
    return SyncCircuitBreakerFactory(default_threshold=5, default_ttl=60)("b")(fn)
def wrap_async(fn):
    return AsyncCircuitBreakerFactory(default_threshold=5, default_ttl=60)("b")(fn)
""",
        is_async=True,
    ),
    Breaker(
        name="pyresilience",
        distribution="pyresilience",
        source="""
from pyresilience import CircuitBreakerConfig, resilient
def wrap(fn):
    return resilient(circuit_breaker=CircuitBreakerConfig(failure_threshold=5, recovery_timeout=60))(fn)
wrap_async = wrap
""",
        is_async=True,
    ),
)


def installed() -> Iterator[tuple[Breaker, str]]:
    """Give the breakers that are installed, with their versions."""
    for breaker in BREAKERS:
        try:
            yield breaker, importlib.metadata.version(breaker.distribution)
        except importlib.metadata.PackageNotFoundError:
            continue


def scope_of(source: str) -> dict[str, object]:
    """Answer the names that a source defines, with the operations."""
    scope: dict[str, object] = {"__name__": "benchmark"}
    exec(OPERATIONS + source, scope)  # noqa: S102 - the benchmark's own sources
    return scope


def happy(rounds: int) -> Iterator[Row]:
    """Measure calls that succeed at once, synchronous ones."""
    scope = scope_of(OURS)
    ours = {
        "execute, breaker": "execute(ONE, succeed)",
        "execute, breaker and budget": "execute(BOTH, succeed)",
        "decorated, breaker": "one()",
        "decorated, breaker and budget": "both()",
        "execute, breaker keyed by arguments": "execute(KEYED, succeed)",
        "execute, time window and budget": "execute(WINDOW, succeed)",
        "execute, count window and deposit": "execute(COUNTING, succeed)",
        "execute, adaptive throttle": "execute(THROTTLED, succeed)",
    }
    cases = {"bare call": timeit.Timer("succeed()", globals=scope)}
    cases |= {name: timeit.Timer(expression, globals=scope) for name, expression in ours.items()}
    for breaker, version in installed():
        theirs = scope_of(f"{breaker.source}happy = wrap(succeed)\n")
        cases[f"{breaker.name} {version}"] = timeit.Timer("happy()", globals=theirs)
    found = least(cases, rounds=rounds, number=100)
    goals = dict.fromkeys(list(ours)[:4], 1.0)
    yield from against_the_fastest(found, goals)


def awaited(rounds: int) -> Iterator[Row]:
    """Measure calls that succeed at once, asynchronous ones."""
    scope = scope_of(OURS)
    cases = {"bare await": "succeed_async()", "decorated async, breaker and budget": "both_async()"}
    for number, (breaker, version) in enumerate(installed()):
        if breaker.is_async:
            scope[f"peer_{number}"] = scope_of(f"{breaker.source}happy = wrap_async(succeed_async)\n")["happy"]
            cases[f"{breaker.name} {version}"] = f"peer_{number}()"
    found = least_async(cases, scope, rounds=rounds, number=200)
    yield from against_the_fastest(found, {"decorated async, breaker and budget": 1.0})


def against_the_fastest(found: dict[str, float], goals: dict[str, float]) -> Iterator[Row]:
    """Give a row for each case, against the fastest of the peers."""
    peers = {f"{breaker.name} {version}" for breaker, version in installed()}
    fastest = min((found[name] for name in found if name in peers), default=float("nan"))
    for name, nanoseconds in found.items():
        yield Row(
            what=name,
            against="fastest peer",
            nanoseconds=nanoseconds,
            ratio=nanoseconds / fastest,
            goal=goals.get(name) if peers else None,
        )


def throughput(seconds: float) -> Iterator[tuple[str, float]]:
    """Give the calls a second of one shared instance under 16 threads."""
    scope = scope_of(OURS)
    cases = {"decorated, breaker and budget": scope["both"], "decorated, time window and budget": scope["window"]}
    for breaker, version in installed():
        cases[f"{breaker.name} {version}"] = scope_of(f"{breaker.source}happy = wrap(succeed)\n")["happy"]
    for name, case in cases.items():
        assert callable(case)
        yield name, calls_a_second(case, seconds)


def calls_a_second(call: Callable[[], object], seconds: float) -> float:
    """Call from all threads at once for a while, and count."""
    counts, took = [0] * THREADS, [0.0] * THREADS
    ready = threading.Barrier(THREADS)

    def run(number: int) -> None:
        ready.wait()
        began = time.perf_counter()
        while took[number] < seconds:
            for _ in range(50):
                call()
            counts[number] += 50
            took[number] = time.perf_counter() - began

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / max(took)


def main() -> int:
    """Print the tables; answer 1 where a goal is missed."""
    found = [*happy(400), *awaited(400)]
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}\n")
    print("| what | ns | against the fastest peer | goal |\n|---|---:|---:|---:|")
    for row in found:
        goal = "" if row.goal is None else f"≤ {row.goal:g}{'' if row.holds else ' missed'}"
        print(f"| {row.what} | {row.nanoseconds:,.0f} | {row.ratio:.2f} | {goal} |")
    print(f"\n| one shared instance, {THREADS} threads | calls a second |\n|---|---:|")
    for name, rate in throughput(2.0):
        print(f"| {name} | {rate:,.0f} |")
    return 0 if all(row.holds for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
