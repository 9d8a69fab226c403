"""Listeners of other libraries are extras: nothing is imported before one is made, and what is missing is named."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mulligan.observe import OpenTelemetry, Prometheus, Structlog

if TYPE_CHECKING:
    from collections.abc import Callable


def test_importing_the_listeners_imports_none_of_the_libraries() -> None:
    names = ("structlog", "opentelemetry", "prometheus_client", "asyncio")
    source = f"import mulligan.observe, sys; print([name for name in {names!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)  # noqa: S603
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("make", "module", "hint"),
    [
        (Structlog, "structlog", "Structlog needs structlog: pip install 'mulligan[structlog]'"),
        (Prometheus, "prometheus_client", "Prometheus needs prometheus_client: pip install 'mulligan[prometheus]'"),
        (OpenTelemetry, "opentelemetry", "OpenTelemetry needs opentelemetry: pip install 'mulligan[otel]'"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_library_that_is_missing_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], object], module: str, hint: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError) as caught:
        make()
    assert str(caught.value) == f"mulligan.observe.{hint}"
