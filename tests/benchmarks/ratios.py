"""The benchmark: one table of ratios against a hand-written loop, and against every peer that is installed.

    python -m tests.benchmarks.ratios

Rules: every figure of a table comes from one run. A goal is a ratio, because nanoseconds are the machine's.
"""

from __future__ import annotations

import compileall
import importlib
import importlib.metadata
import platform
import sys
import timeit
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import mulligan
from tests.benchmarks.measuring import imports, least, least_async
from tests.benchmarks.peers import OPERATIONS, PEERS, Peer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Row", "measure"]

MANY = 1000

OURS = """
from mulligan import Execution, Policy, attempts, execute, execute_async, no_delay, retry
POLICY = Policy(retry_on=ERRORS, schedule=no_delay(), max_attempts=5)
TIMED = POLICY.replace(timeout=30)
KEYED = POLICY.replace(idempotency_key=str)
VALUES = Policy(retry_if=bool(0).__eq__, schedule=no_delay())
decorated = retry(POLICY)(succeed)
decorated_with = retry(POLICY)(succeed_with)
decorated_flaky = retry(POLICY)(fail_four_times)
decorated_async = retry(POLICY)(succeed_async)
def loop():
    for attempt in range(5):
        try:
            return succeed()
        except ERRORS:
            if attempt == 4:
                raise
def loop_with(a, b):
    for attempt in range(5):
        try:
            return succeed_with(a=a, b=b)
        except ERRORS:
            if attempt == 4:
                raise
def loop_flaky():
    for attempt in range(5):
        try:
            return fail_four_times()
        except ERRORS:
            if attempt == 4:
                raise
def block():
    for attempt in attempts(POLICY):
        with attempt:
            return succeed()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: what was measured, against what, and the goal where there is one."""

    what: str
    against: str
    nanoseconds: float
    ratio: float
    goal: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.goal is None or self.ratio <= self.goal


def scope_of(source: str) -> dict[str, object]:
    """Answer the names that a source defines, with the operations."""
    scope: dict[str, object] = {"__name__": "benchmark"}
    exec(OPERATIONS + source, scope)  # noqa: S102 - the benchmark's own sources
    return scope


def installed() -> Iterator[tuple[Peer, str]]:
    """Give the peers that are installed, with their versions."""
    for peer in PEERS:
        try:
            yield peer, importlib.metadata.version(peer.distribution)
        except importlib.metadata.PackageNotFoundError:
            continue


def timers(expressions: dict[str, str], scope: dict[str, object]) -> dict[str, timeit.Timer]:
    """Answer a timer for each expression."""
    return {name: timeit.Timer(expression, globals=scope) for name, expression in expressions.items()}


def peers_timers(expression: str) -> dict[str, timeit.Timer]:
    """Answer a timer for each peer."""
    source = "happy = wrap(succeed)\nflaky = wrap(fail_four_times)\n"
    return {
        f"{peer.name} {version}": timeit.Timer(expression, globals=scope_of(peer.source + source))
        for peer, version in installed()
    }


def happy(rounds: int) -> Iterator[Row]:
    """Measure executions that succeed at once."""
    ours = {
        "execute": "execute(POLICY, succeed)",
        "decorated function": "decorated()",
        "execute, 2 arguments by keyword": "execute(POLICY, succeed_with, a=1, b=2)",
        "decorated function, 2 arguments by keyword": "decorated_with(a=1, b=2)",
        "hand-written loop, 2 arguments by keyword": "loop_with(a=1, b=2)",
        "execute with a timeout": "execute(TIMED, succeed)",
        "execute with an idempotency key": "execute(KEYED, succeed)",
        "execute judging the value": "execute(VALUES, succeed)",
        "Execution(POLICY).run": "Execution(POLICY).run(succeed)",
        "attempts block": "block()",
    }
    goals = dict.fromkeys(("execute", "decorated function"), 1.5)
    goals |= dict.fromkeys([name for name in ours if "keyword" in name and "loop" not in name], 2.0)
    goals |= {"execute with a timeout": 5.0, "execute with an idempotency key": 5.0}
    cases = timers({"loop": "loop()", **ours}, scope_of(OURS)) | peers_timers("happy()")
    found = least(cases, rounds=rounds, number=500)
    yield from rows(found, "loop", goals, "hand-written loop")
    fastest = min(found[name] for name in found if name not in ours and name != "loop")
    for name in ("execute", "decorated function"):
        yield Row(what=name, against="fastest peer", nanoseconds=found[name], ratio=found[name] / fastest, goal=0.2)


def flaky(rounds: int) -> Iterator[Row]:
    """Measure executions that fail four times and then succeed, without delay."""
    ours = {"execute, 4 failures": "execute(POLICY, fail_four_times)", "decorated, 4 failures": "decorated_flaky()"}
    cases = timers({"loop": "loop_flaky()", **ours}, scope_of(OURS)) | peers_timers("flaky()")
    with mock.patch("time.sleep"):
        found = least(cases, rounds=rounds, number=100)
    yield from rows(found, "loop", dict.fromkeys(ours, 2.9), "loop, 4 failures")
    fastest = min(found[name] for name in found if name not in ours and name != "loop")
    for name in ours:
        yield Row(what=name, against="fastest peer", nanoseconds=found[name], ratio=found[name] / fastest, goal=1.0)


def awaited(rounds: int) -> Iterator[Row]:
    """Measure asynchronous executions that succeed at once."""
    scope = scope_of(OURS)
    cases = {
        "await": "succeed_async()",
        "execute_async": "execute_async(POLICY, succeed_async)",
        "decorated async function": "decorated_async()",
    }
    for number, (peer, version) in enumerate(installed()):
        if peer.is_async:
            scope[f"peer_{number}"] = scope_of(peer.source + "happy = wrap_async(succeed_async)\n")["happy"]
            cases[f"{peer.name} {version}"] = f"peer_{number}()"
    found = least_async(cases, scope, rounds=rounds, number=1000)
    yield from rows(found, "await", {"execute_async": 3.2, "decorated async function": 3.2}, "bare await")
    for name, nanoseconds in found.items():
        if name.startswith(("tenacity", "stamina")):
            ratio = found["execute_async"] / nanoseconds
            yield Row(what="execute_async", against=name, nanoseconds=found["execute_async"], ratio=ratio, goal=0.2)


def rows(found: dict[str, float], base: str, goals: dict[str, float], against: str) -> Iterator[Row]:
    """Give a row for each case, against the base."""
    for name, nanoseconds in found.items():
        yield Row(
            what=against if name == base else name,
            against=against,
            nanoseconds=nanoseconds,
            ratio=nanoseconds / found[base],
            goal=goals.get(name),
        )


def imported(rounds: int) -> Iterator[Row]:
    """Measure what importing costs, with the byte code at hand as after an installation."""
    for module in (mulligan, importlib.import_module("tenacity")):
        compileall.compile_dir(str(Path(str(module.__file__)).parent), quiet=1)
    found = imports(("tenacity", "mulligan"), rounds=rounds)
    for name, seconds in found.items():
        goal = 0.6 if name == "mulligan" else None
        ratio = seconds / found["tenacity"]
        yield Row(what=f"import {name}", against="import tenacity", nanoseconds=seconds * 1e9, ratio=ratio, goal=goal)


def sizes() -> Iterator[tuple[str, int]]:
    """Give the bytes that a policy and a decorated function take."""
    scope = scope_of(OURS)
    cases = {"policy": "POLICY.replace(max_attempts=4)", "decorated function": "retry(POLICY)(succeed)"}
    for what, expression in cases.items():
        code = compile(f"kept = [{expression} for _ in range({MANY})]", "<sizes>", "exec")
        tracemalloc.start()
        exec(code, scope)  # noqa: S102 - the benchmark's own expressions
        yield what, tracemalloc.get_traced_memory()[0] // MANY
        tracemalloc.stop()


def measure(rounds: int) -> list[Row]:
    """Measure everything.

    Args:
        rounds: how many samples each case gets.
    """
    return [*happy(rounds), *flaky(rounds), *awaited(rounds), *imported(rounds)]


def main() -> int:
    """Print the table; answer 1 where a goal is missed."""
    found = measure(100)
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}\n")
    print("| what | against | ns | ratio | goal |\n|---|---|---:|---:|---:|")
    for row in found:
        goal = "" if row.goal is None else f"≤ {row.goal:g}{'' if row.holds else ' missed'}"
        print(f"| {row.what} | {row.against} | {row.nanoseconds:,.0f} | {row.ratio:.2f} | {goal} |")
    for what, size in sizes():
        print(f"\n{what}: {size} bytes")
    return 0 if all(row.holds for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
