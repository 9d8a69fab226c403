"""Each generated loop is left alone, or rewritten so that CPython can't tell old and new apart."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mulligan_codemods.site import Status

from tests.codemods.generated.checking import check, migrated, systematically
from tests.codemods.generated.faults import Script, scripts
from tests.codemods.generated.loops import loops
from tests.codemods.generated.regressions import REGRESSIONS
from tests.codemods.generated.textbook import textbook

if TYPE_CHECKING:
    from mulligan_codemods.rows import Row

    from tests.codemods.generated.model import Loop

FULL = os.environ.get("MULLIGAN_TESTS") == "full"
STRIDE = 1 if FULL else 3
EXAMPLES = 12_000 if FULL else 100
TEXTBOOK = tuple(textbook())


def refused_itself(row: Row) -> bool:
    """Say whether the engine's own check of the new text failed: nothing is written then, and the report says so."""
    return row.reason is not None and row.reason.code == "ML010"


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
@given(loop=loops(), drawn=st.lists(scripts(), min_size=1, max_size=8))
def test_a_safe_rewrite_does_what_the_loop_did(loop: Loop, drawn: list[Script]) -> None:
    migration = migrated(loop.text)

    assert migration.errors == ()
    assert not any(row.status is Status.FAILED and not refused_itself(row) for row in migration.rows), migration.outcome
    if migration.safe:
        plain = systematically(loop, STRIDE)
        assert plain.difference is None, plain.difference
        assert plain.scripts > 0, migration.assumptions
        surprising = check(loop, drawn)
        assert surprising.difference is None, surprising.difference


@pytest.mark.parametrize("loop", REGRESSIONS.values(), ids=REGRESSIONS.keys())
def test_a_loop_that_was_once_rewritten_wrongly_is_not_any_more(loop: Loop) -> None:
    if migrated(loop.text).safe:
        found = systematically(loop)
        assert found.difference is None, found.difference


def test_textbook_loops_are_offered_as_safe_and_do_the_same() -> None:
    """All of them in full runs, else every tenth."""
    chosen = TEXTBOOK if FULL else TEXTBOOK[::10]
    counted: Counter[str] = Counter()
    for loop in chosen:
        migration = migrated(loop.text)
        counted[f"{loop.shape} {migration.outcome}"] += 1
        if migration.safe:
            found = systematically(loop, STRIDE)
            assert found.difference is None, found.difference
    print(f"\n{len(chosen)} textbook loops: {dict(sorted(counted.items()))}")  # noqa: T201 -- the summary is the point
    safe = sum(number for outcome, number in counted.items() if outcome.endswith("safe"))
    assert safe == len(chosen), counted
