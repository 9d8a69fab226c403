"""Processes that share guards through a real Redis."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mulligan import Pipeline, execute
from mulligan.guards import Status
from tests.guards.stores.fleet import PERMITS, POLICY, breaker_of, budget_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.guards.stores.servers import RedisServer

PROCESSES = 8


class Member:
    """A process of the fleet."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "tests.guards.stores.fleet", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603

    def hear(self) -> str:
        """Wait for a line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go(self) -> None:
        """Let it go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()


@contextmanager
def fleet(*arguments: object) -> Generator[list[Member]]:
    """Start a fleet, and let it begin at once when every process is ready."""
    members = [Member(*arguments) for _ in range(PROCESSES)]
    try:
        assert [member.hear() for member in members] == ["ready"] * PROCESSES
        for member in members:
            member.go()
        yield members
    finally:
        for member in members:
            member.process.kill()
            member.process.communicate()


def test_eight_processes_share_a_budget_and_never_spend_more(server: RedisServer) -> None:
    tokens, executions = 100, 40
    with fleet("spend", server.port, tokens, executions) as members:
        spent = [int(member.hear()) for member in members]
    assert sum(spent) == tokens
    assert sum(count > 0 for count in spent) > 1
    budget = budget_of(server.port, tokens)
    with pytest.raises(ConnectionError):
        execute(Pipeline(POLICY, guards=[budget]), fail)
    assert budget.level() == 0


def test_half_open_lets_exactly_the_permitted_probes_through(server: RedisServer) -> None:
    threads = 3
    breaker = breaker_of(server.port, 0.05)
    with pytest.raises(ConnectionError):
        execute(Pipeline(POLICY.replace(max_attempts=1), guards=[breaker]), fail)
    assert breaker.status() is Status.OPEN
    with fleet("probe", server.port, threads) as members:
        heard = [member.hear() for member in members for _ in range(threads)]
        assert breaker.status() is Status.HALF_OPEN
        for member in members:
            member.go()
        for member in members:
            member.process.wait(30)
    assert sorted(set(heard)) == ["entered", "refused"]
    assert heard.count("entered") == PERMITS
    assert breaker.status() is Status.CLOSED


def fail() -> int:
    raise ConnectionError
