"""A bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import io

import pytest
from mulligan_codemods.report.progress import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream = Terminal()
    with progress(stream) as told:
        told("Scanning", 1, 2)
        told("Scanning", 2, 2)
    assert "Scanning" in stream.getvalue()
    assert "2/2" in stream.getvalue()


def test_anything_else_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream = io.StringIO()
    with progress(stream) as told:
        told("Scanning", 1, 2)
    assert stream.getvalue() == ""
