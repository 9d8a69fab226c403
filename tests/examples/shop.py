"""The legacy shop for tests: copies of it, commands in them, and its own tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["SHOP", "assert_own_tests_pass", "copied", "run", "sources"]

SHOP = Path(__file__).resolve().parents[2] / "docs" / "examples" / "legacy_shop"


def copied(target: Path) -> Path:
    """Copy the shop into a folder, and answer the copy."""
    return shutil.copytree(SHOP, target / "legacy_shop", ignore=shutil.ignore_patterns("__pycache__", ".*"))


def run(*arguments: str, folder: Path, mode: str | None = None) -> str:
    """Run a module of Python's, and answer what it printed; it must succeed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "MULLIGAN"))}
    state = {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1", "XDG_STATE_HOME": str(folder.parent / "state")}
    environment = {**kept, **state, **({} if mode is None else {"MULLIGAN_MODE": mode})}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_own_tests_pass(folder: Path, mode: str | None = None) -> None:
    """Run the tests of a copy of the shop."""
    told = run("pytest", "-q", "--no-header", folder=folder, mode=mode)
    assert re.search(r"^\d+ passed in", told, re.MULTILINE), told


def sources(folder: Path) -> dict[Path, bytes]:
    """Answer the Python files of a copy, byte by byte."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.py"))}
