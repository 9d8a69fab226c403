"""Adding a thing is one place each, as the guide says: where a piece is missing, a test says which."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest
from mulligan_codemods.libraries.lowering import LOWERINGS
from mulligan_codemods.libraries.proving.models import MODELS

from mulligan import classifiers, guards, observe
from mulligan.compat.symbols import LIBRARIES
from tests.docs.console import ROOT
from tests.docs.pages import PAGES

KINDS = {"Accounting", "Guard", "MemoryStore", "Status", "Store", "Threshold", "Watching"}
"""What guards are made of, for those who write their own; the reference has it."""


def test_the_guide_names_places_that_exist() -> None:
    places = re.findall(r"`((?:src|codemods|tests|docs)/[\w/.-]+)`", PAGES["CONTRIBUTING.md"])
    assert len(places) > 15
    assert [place for place in places if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("name", [name for name in classifiers.__all__ if name.islower()])
def test_a_condition_is_on_its_page(name: str) -> None:
    assert f"`{name}" in PAGES["docs/how-to/classify.md"]


@pytest.mark.parametrize("name", [name for name in guards.__all__ if name not in KINDS])
def test_a_guard_and_what_it_counts_by_are_on_their_page(name: str) -> None:
    assert name in PAGES["docs/reference/guards.md"]


@pytest.mark.parametrize("name", [name for name in observe.__all__ if name not in {"Use", "use"}])
def test_a_listener_has_its_page(name: str) -> None:
    assert f"`{name}`](" in PAGES["docs/observe/index.md"]
    assert f"{name}(" in PAGES[f"docs/observe/{name.lower()}.md"]


@pytest.mark.parametrize("library", [library.name for library in LIBRARIES])
def test_a_library_has_a_lowering_and_a_model_and_its_shim_is_held_against_it(library: str) -> None:
    assert library in MODELS
    assert library in LOWERINGS
    if find_spec(f"mulligan.compat.{library}"):
        assert (ROOT / f"tests/compat/shims/test_differential_{library}.py").exists()
