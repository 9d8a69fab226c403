"""The legacy shop, staged: its own tests pass with the old code, with the new code, and when the old code is gone."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.texts.staging import kept_code

from tests.examples.shop import assert_own_tests_pass, copied, run, sources

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

pytestmark = pytest.mark.xdist_group("staged_shop")


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copied(tmp_path_factory.mktemp("staged"))
    run("mulligan", "migrate", "shop", "--staged", "--write", folder=folder)
    return folder


def test_every_rewritten_site_keeps_its_old_code(staged: Path) -> None:
    found = json.loads(run("mulligan", "scan", "shop", "--format", "json", "--no-cache", folder=staged))
    asked = sum(len(kept_code(path.read_text("utf-8"))) for path in (staged / "shop").glob("*.py"))
    assert found["progress"]["staged"] == asked > 20
    assert found["progress"]["modern"] == 0


def test_own_tests_pass_with_the_new_code(staged: Path) -> None:
    assert_own_tests_pass(staged)


def test_own_tests_pass_with_the_old_code(staged: Path) -> None:
    assert_own_tests_pass(staged, mode="legacy")


def test_own_tests_pass_with_the_old_code_at_some_sites(staged: Path) -> None:
    assert_own_tests_pass(staged, mode="shop.http_client:*=legacy, *:Database.*=legacy, modern")


@pytest.mark.parametrize("mode", ["legacy", "modern"])
def test_no_script_tells_old_from_staged(
    staged: Path, demonstration: ModuleType, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old code behind the flag is the old shop, down to the sleep after the last failure."""
    monkeypatch.setenv("MULLIGAN_MODE", mode)
    verdicts = Counter[str](demonstration.replay(staged))
    assert verdicts[demonstration.DIFFERENT] == 0
    assert verdicts[demonstration.SAME] > 0
    assert (verdicts[demonstration.DROPPED] == 0) is (mode == "legacy")


def test_staging_and_finalizing_end(staged: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(staged, tmp_path / "legacy_shop")
    before = sources(folder)
    run("mulligan", "migrate", "shop", "--staged", "--write", folder=folder)
    assert sources(folder) == before
    run("mulligan", "migrate", "shop", "--finalize", "--write", folder=folder)
    final = sources(folder)
    assert not any(b"mulligan.compat import" in data for data in final.values())
    assert_own_tests_pass(folder)
    run("mulligan", "migrate", "shop", "--finalize", "--write", folder=folder)
    run("mulligan", "migrate", "shop", "--staged", "--write", folder=folder)
    assert sources(folder) == final
    run("mulligan", "migrate", "--undo", folder=folder)
    assert sources(folder) == before
