"""The benchmark of guards compares like with like; whether its goals hold is for the command to say, not for a test."""

from __future__ import annotations

import pytest

from tests.benchmarks.guards import BREAKERS, OURS, happy, installed, scope_of, throughput

TWENTY_TIMES = """
guarded = wrap(fail)
for _ in range(20):
    try:
        guarded()
    except Exception:
        pass
"""


@pytest.mark.parametrize("source", [OURS, *[breaker.source for breaker, _ in installed()]])
def test_every_breaker_opens_after_five_failures_in_a_row(source: str) -> None:
    """A comparison means something only if all of them guard."""
    scope = scope_of(source)
    exec(TWENTY_TIMES, scope)  # noqa: S102 - the benchmark's own sources
    assert scope["calls"] == 5


def test_each_case_of_ours_and_each_peer_is_a_row() -> None:
    found = {row.what for row in happy(1)}
    assert {"execute, breaker", "decorated, breaker and budget", "execute, time window and budget"} <= found
    assert {f"{breaker.name} {version}" for breaker, version in installed()} <= found


def test_throughput_is_counted_for_ours_and_each_peer() -> None:
    found = dict(throughput(0.01))
    assert len(found) == 2 + len(list(installed()))
    assert all(rate > 0 for rate in found.values())


def test_peers_are_named_once() -> None:
    assert len({breaker.name for breaker in BREAKERS}) == len(BREAKERS) == 4
