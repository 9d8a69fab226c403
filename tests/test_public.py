"""The public surface: every name is there, documented and sorted."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import FunctionType
from typing import TYPE_CHECKING

import pytest

import mulligan
from mulligan import classifiers, compat, config, explain, guards, observe, presets, schedules, testing
from mulligan.integrations import aiohttp, http, httpx, requests

if TYPE_CHECKING:
    from types import ModuleType

LATER = [mulligan, compat, config, guards, presets, schedules]
"""Packages that import some of their names when they are first asked for."""
MODULES = [*LATER, classifiers, explain, observe, testing, http, httpx, requests, aiohttp]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_all_is_sorted_and_complete(module: object) -> None:
    names: list[str] = list(getattr(module, "__all__", ()))
    upper = [name for name in names if name.isupper()]
    classes = [name for name in names if not name.isupper() and name[0].isupper()]
    functions = [name for name in names if name[0].islower()]
    assert names == sorted(upper) + sorted(classes) + sorted(functions)
    assert set(names) <= set(dir(module))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_name_is_documented(module: ModuleType) -> None:
    """Constants and type aliases have no docstring at run time."""
    found = [getattr(module, name) for name in module.__all__]
    assert [each for each in found if isinstance(each, type | FunctionType) and not each.__doc__] == []


@pytest.mark.parametrize("module", LATER, ids=lambda module: module.__name__)
def test_no_public_name_is_a_module(module: ModuleType) -> None:
    """`mulligan.retry` is the decorator and nothing else."""
    for name in module.__all__:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(f"{module.__name__}.{name}")


@pytest.mark.parametrize("module", LATER, ids=lambda module: module.__name__)
def test_an_unknown_name_is_an_attribute_error(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute 'retries'"):
        module.retries  # noqa: B018 - asking is all


def test_type_checkers_refuse_an_unknown_name() -> None:
    """A `__getattr__` that they saw would let it pass; an unused `type: ignore` is an error, so they refuse it."""
    with pytest.raises(AttributeError):
        assert mulligan.retries  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    with pytest.raises(AttributeError):
        assert guards.Breaker  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def test_a_star_import_has_the_names_that_come_later() -> None:
    source = "from mulligan import *; print(Pipeline.__name__, Execution.__name__, attempts.__name__)"
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)  # noqa: S603
    assert found.stdout.split() == ["Pipeline", "Execution", "attempts"]
