"""Proves cases once a session, and prints the figures at its end.

Rules: a proof is made once and remembered, so that the figures count the proofs that the tests judged.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from mulligan_codemods.prove import Proof, Proved, prove

from tests.codemods.prove.cases.model import POLICIES, Case, text_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.codemods.prove.cases.model import CorpusLoop

__all__ = ["Timed", "codes", "print_at_the_end", "proof_of", "proof_of_loop", "safe", "times"]


@dataclass(frozen=True, slots=True)
class Timed:
    """A proof and the seconds that it took."""

    proof: Proof
    seconds: float


@cache
def proof_of(case: Case) -> Timed:
    """Prove one of our own cases."""
    return _timed(case.old_text, case.new_text, case.qualname, case.policies_text)


@cache
def proof_of_loop(loop: CorpusLoop, corpus: Path) -> Timed:
    """Prove the rewrite of a labelled loop."""
    before = loop.at.read(corpus)
    return _timed(before, loop.rewrite(before), loop.qualname, text_of(loop.policies), loop.at.module)


def _timed(before: str, after: str, qualname: str, policies: str, module: str | None = None) -> Timed:
    began = time.process_time()
    proof = prove(before, after, qualname=qualname, policies={POLICIES: policies}, module=module)
    return Timed(proof, time.process_time() - began)


def safe(proof: Proof) -> bool:
    """Say whether a proof rests on documented assumptions alone."""
    return isinstance(proof, Proved) and all(assumption.documented for assumption in proof.assumptions)


def codes(proof: Proof) -> frozenset[str]:
    """Answer the codes of a proof's assumptions."""
    return frozenset(assumption.code for assumption in proof.assumptions) if isinstance(proof, Proved) else frozenset()


def times(seconds: list[float]) -> str:
    """Describe how long proofs took."""
    return f"median {statistics.median(seconds) * 1000:.0f} ms, max {max(seconds):.2f} s"


class Figures:
    """A plugin that prints lines in the terminal's summary."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the lines."""
        terminalreporter.section("proofs")
        for line in self.lines:
            terminalreporter.write_line(line)


def print_at_the_end(config: pytest.Config, line: str) -> None:
    """Have a line printed in the terminal's summary."""
    plugin = config.pluginmanager.get_plugin("proof-figures")
    if not isinstance(plugin, Figures):
        plugin = Figures()
        config.pluginmanager.register(plugin, "proof-figures")
    plugin.lines.append(line)
