"""The benchmark compares like with like; whether its goals hold is for the command to say, not for a test."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.benchmarks.peers import PEERS
from tests.benchmarks.ratios import happy, installed, scope_of, sizes

UNWANTED = ("asyncio", "logging", "libcst", "click", "inspect", "dataclasses", "typing_extensions", "trio", "datetime")


def test_importing_mulligan_imports_nothing_heavy() -> None:
    source = f"import mulligan, sys; print([name for name in {UNWANTED!r} if name in sys.modules])"
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True, env=alone)  # noqa: S603
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("peer", [peer for peer, _ in installed()], ids=lambda peer: peer.name)
def test_a_peer_does_what_ours_does(peer: object) -> None:
    """A comparison means something only if both succeed at the fifth attempt."""
    assert peer in PEERS
    scope = scope_of(getattr(peer, "source", "") + "import time\ntime_sleep, time.sleep = time.sleep, lambda _: None\n")
    exec("try:\n    result = wrap(fail_four_times)()\nfinally:\n    time.sleep = time_sleep\n", scope)  # noqa: S102 - the source of a peer
    assert (scope["result"], scope["calls"]) == (1, 5)


@pytest.mark.filterwarnings("ignore")
def test_each_case_of_ours_and_each_peer_is_a_row() -> None:
    found = {row.what for row in happy(1)}
    assert {"execute", "decorated function", "execute with a timeout"} <= found
    assert {f"{peer.name} {version}" for peer, version in installed()} <= found


def test_sizes_are_reported() -> None:
    assert [what for what, size in sizes() if 0 < size < 5000] == ["policy", "decorated function"]
