"""The legacy shop, staged: its own tests pass with the old code, with the new code, and when the old code is gone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.texts.staging import kept_code

if TYPE_CHECKING:
    from types import ModuleType

SHOP = Path(__file__).resolve().parents[2] / "docs" / "examples" / "legacy_shop"
pytestmark = pytest.mark.xdist_group("staged_shop")


def run(*arguments: str, folder: Path, mode: str | None = None) -> str:
    """Run a module of Python's, and answer what it printed; it must succeed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "MULLIGAN"))}
    state = {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1", "XDG_STATE_HOME": str(folder.parent / "state")}
    environment = {**kept, **state, **({} if mode is None else {"MULLIGAN_MODE": mode})}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def assert_own_tests_pass(folder: Path, mode: str | None = None) -> None:
    told = run("pytest", "-q", "--no-header", folder=folder, mode=mode)
    assert re.search(r"^\d+ passed in", told, re.MULTILINE), told


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("staged") / "legacy_shop"
    folder = shutil.copytree(SHOP, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
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
    before = contents(folder)
    run("mulligan", "migrate", "shop", "--staged", "--write", folder=folder)
    assert contents(folder) == before
    run("mulligan", "migrate", "shop", "--finalize", "--write", folder=folder)
    final = contents(folder)
    assert not any(b"mulligan.compat import" in data for data in final.values())
    assert_own_tests_pass(folder)
    run("mulligan", "migrate", "shop", "--finalize", "--write", folder=folder)
    run("mulligan", "migrate", "shop", "--staged", "--write", folder=folder)
    assert contents(folder) == final
    run("mulligan", "migrate", "--undo", folder=folder)
    assert contents(folder) == before
