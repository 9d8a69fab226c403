"""A folder with a file of policies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.policies.invoking import GOOD

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    found = tmp_path / "policies.toml"
    found.write_text(GOOD)
    return found
