"""Each test has a registry of its own, and leaves the process as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan import config
from mulligan.config import overrides, registry

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_defined", {})
    monkeypatch.setattr(registry, "_files", [])
    monkeypatch.setattr(overrides, "_overrides", {})
    monkeypatch.setattr(overrides, "_logged", set[tuple[str, str]]())
    yield
    monkeypatch.undo()
    config.reload()
