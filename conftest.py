"""Collect the examples of docstrings and pages as tests; set Hypothesis's profiles."""

from __future__ import annotations

import os
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

from tests import real_time

if TYPE_CHECKING:
    import pytest

FULL = os.environ.get("MULLIGAN_TESTS") == "full"

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, print_blob=True)
settings.register_profile("full", parent=settings.get_profile("default"), max_examples=2_000)
settings.load_profile("full" if FULL else "ci" if os.environ.get("CI") else "default")


def pytest_configure() -> None:
    """Let nobody really sleep."""
    real_time.forbid()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `make test-full` runs."""
    long = [] if FULL else [item for item in items if item.get_closest_marker("full")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


pytest_collect_file = SybilCollection(
    (
        Sybil(parsers=[DocTestParser(ELLIPSIS)], patterns=["*.py"], path="src"),
        Sybil(parsers=[DocTestParser(ELLIPSIS)], patterns=["*.py"], path="codemods"),
        Sybil(
            parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE), SkipParser()],
            patterns=["*.md"],
            excludes=["examples/**/*.md", ".venv/**"],
        ),
    )
).pytest()
