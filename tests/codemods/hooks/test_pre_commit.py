"""The hooks that other repositories take from this one, as pre-commit runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.codemods.writes.shop import LOOP

ROOT = Path(__file__).parents[3]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"


def run(folder: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit")}
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always"]
    words = ["git", *identity, *command[1:]] if command[0] == "git" else list(command)
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment, check=check)  # noqa: S603 -- ours


def test_the_hooks_need_what_the_extra_needs() -> None:
    """A hook's environment installs the package alone, without its extras."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    needed = [each for each in (*extras["cli"], *extras["codemod"]) if not each.startswith("mulligan")]
    text = HOOKS.read_text()
    assert text.count("- id: ") == 2
    assert text.count("additional_dependencies: [" + ", ".join(f'"{each}"' for each in needed) + "]") == 2


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a repository of this tree as it is: a clone would hold only what was committed."""
    target = tmp_path / "mulligan"
    for name in ("src", "codemods"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, target / name)
    run(target, "git", "init", "-q")
    run(target, "git", "add", ".")
    run(target, "git", "commit", "-q", "-m", "all")
    return target


@pytest.mark.full
@pytest.mark.skipif(not PRE_COMMIT.exists() and os.environ.get("CI") != "true", reason="pip install pre-commit")
def test_pre_commit_lets_only_new_retries_fail(tmp_path: Path, clone: Path) -> None:
    sample = tmp_path / "sample"
    sample.mkdir()
    revision = run(clone, "git", "rev-parse", "HEAD").stdout.strip()
    (sample / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {clone.as_uri()}\n  rev: {revision}\n"
        "  hooks:\n  - id: mulligan-scan\n  - id: mulligan-check\n"
    )
    (sample / "client.py").write_text(LOOP)
    run(sample, "git", "init", "-q")
    run(sample, "git", "add", ".")
    first = run(sample, str(PRE_COMMIT), "run", "mulligan-scan", check=False)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "client.py:8" in first.stdout
    mulligan = next((tmp_path / "pre-commit").glob("*/py_env-*/bin/mulligan"))
    run(sample, str(mulligan), "scan", "--baseline", ".mulligan-baseline.json", "--update-baseline", ".")
    run(sample, "git", "add", ".")
    known = run(sample, str(PRE_COMMIT), "run", "mulligan-scan", "--all-files", check=False)
    assert known.returncode == 0, known.stdout
    (sample / "new.py").write_text(LOOP.replace("fetch", "load"))
    run(sample, "git", "add", ".")
    again = run(sample, str(PRE_COMMIT), "run", "--all-files", check=False)
    assert again.returncode == 1
    assert again.stdout.count("new.py:8") == 2, again.stdout
    assert "client.py:8" not in again.stdout.partition("nothing left to migrate")[0]
