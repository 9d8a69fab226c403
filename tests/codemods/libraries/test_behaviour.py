"""Each library in each form does the same before and after its migration, run by CPython in virtual time."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.codemods.libraries.migrating import Migrated, migrated
from tests.codemods.libraries.modules import MODULES, VALUES
from tests.codemods.libraries.running import Faulty, Other, courses

if TYPE_CHECKING:
    from collections.abc import Sequence

ERRORS: list[Sequence[object]] = [
    ["page"],
    [Faulty, "page"],
    [Faulty, Faulty, "page"],
    [Other, "page"],
    [Faulty, Other, "page"],
    [Faulty],
]
ANSWERS: list[Sequence[object]] = [["page"], [None, "page"], [None], [None, Faulty, "page"], [Faulty]]


@lru_cache(maxsize=256)
def rewritten(module: str) -> Migrated:
    return migrated(module, unsafe=True)


@pytest.mark.parametrize(
    "module", [*MODULES, *VALUES], ids=lambda module: module[-150:].strip().replace("\n", " ")[:90]
)
def test_it_is_migrated_as_safe(module: str) -> None:
    done = rewritten(module)
    assert done.statuses == ["safe"] * len(done.statuses)
    assert done.statuses


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(MODULES.index(module)))
def test_errors_are_retried_as_before(module: str) -> None:
    for outcomes, (seconds, draw) in product(ERRORS, [(0.0, 0.0), (1.5, 0.5)]):
        before, after = courses(module, rewritten(module), outcomes, seconds, draw)
        assert after.steps == before.steps, outcomes


@pytest.mark.parametrize("module", VALUES, ids=lambda module: str(VALUES.index(module)))
def test_values_are_retried_as_before(module: str) -> None:
    for outcomes, (seconds, draw) in product(ANSWERS, [(0.0, 0.0), (1.5, 0.5)]):
        before, after = courses(module, rewritten(module), outcomes, seconds, draw)
        assert after.steps == before.steps, outcomes
