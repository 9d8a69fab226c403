"""An integration is a module, an extra of that name, a page, and tests of its own."""

from __future__ import annotations

import pkgutil
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from mulligan import Policy, integrations
from mulligan.integrations.http import Kind
from mulligan.integrations.http.judging import HttpFailures

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(integrations.__path__)
    if module.name != "http" and not module.name.startswith("_")
)


def extras() -> dict[str, list[str]]:
    """Answer the extras of the project."""
    project: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return project["project"]["optional-dependencies"]


def test_there_are_some() -> None:
    assert MODULES == ["aiohttp", "httpx", "requests"]


@pytest.mark.parametrize("name", MODULES)
def test_its_pieces_are_there(name: str) -> None:
    assert extras()[name][0].startswith(name)
    assert name in extras()["all"][0]
    page = (ROOT / "docs" / "http" / f"{name}.md").read_text(encoding="utf-8")
    assert f"mulligan[{name}]" in page
    assert "FaultServer" in page
    assert (ROOT / "tests" / "integrations" / f"test_{name}.py").exists()
    assert f'"http/{name}.md"' in (ROOT / "docs" / "site" / "zensical.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODULES)
def test_it_classifies_and_has_a_policy(name: str) -> None:
    module = import_module(f"mulligan.integrations.{name}")
    kinds: dict[type[BaseException], Kind] = module.KINDS
    assert set(kinds.values()) <= set(Kind)
    policy: Policy[object] = module.RETRIES
    assert (policy.name, policy.max_attempts, policy.timeout) == (name, 3, 60.0)
    assert isinstance(policy.classify, HttpFailures)
    assert eval(repr(policy), {"Policy": Policy, **vars(module)}) == policy  # noqa: S307 - what it is for
