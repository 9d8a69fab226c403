"""The public surface: every name is there, documented and sorted."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import mulligan
from mulligan import classifiers, config, explain, guards, observe, presets, testing
from mulligan.integrations import aiohttp, http, httpx, requests

if TYPE_CHECKING:
    from types import ModuleType

MODULES = [
    *(mulligan, classifiers, config, explain, guards, observe, presets, testing),
    *(http, httpx, requests, aiohttp),
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_all_is_sorted_and_complete(module: object) -> None:
    names: list[str] = list(getattr(module, "__all__", ()))
    upper = [name for name in names if name.isupper()]
    classes = [name for name in names if not name.isupper() and name[0].isupper()]
    functions = [name for name in names if name[0].islower()]
    assert names == sorted(upper) + sorted(classes) + sorted(functions)
    assert set(names) <= set(dir(module))


@pytest.mark.parametrize("name", mulligan.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    found: object = getattr(mulligan, name)
    assert name == "UNLIMITED" or found.__doc__


@pytest.mark.parametrize("module", [mulligan, guards, presets], ids=lambda module: module.__name__)
def test_no_public_name_is_a_module(module: ModuleType) -> None:
    """`mulligan.retry` is the decorator and nothing else."""
    for name in module.__all__:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(f"{module.__name__}.{name}")


@pytest.mark.parametrize("module", [guards, presets], ids=lambda module: module.__name__)
def test_names_that_come_later_are_documented_and_others_are_attribute_errors(module: ModuleType) -> None:
    for name in module.__all__:
        assert getattr(module, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'retries'"):
        getattr(module, "retries")  # noqa: B009 - the type checkers refuse the plain form


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'retries'"):
        getattr(mulligan, "retries")  # noqa: B009 - the type checkers refuse the plain form


def test_a_star_import_has_the_names_that_come_later() -> None:
    source = "from mulligan import *; print(Pipeline.__name__, Execution.__name__, attempts.__name__)"
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)  # noqa: S603
    assert found.stdout.split() == ["Pipeline", "Execution", "attempts"]
