"""What retry's shim does behind the flag, without a logger, and in retry2's words."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

import pytest

from mulligan.compat import retry
from mulligan.compat.divergence import reset
from mulligan.compat.flag import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(autouse=True)
def clean() -> Generator[None]:
    """Leave no site to be summed up at exit."""
    yield
    reset()


def failing(calls: list[str], page: str = "page") -> str:
    """Fail once."""
    calls.append(page)
    if len(calls) == 1:
        raise OSError("reset")
    return page


@pytest.mark.parametrize("mode", ["modern", "legacy", "shadow"])
@pytest.mark.parametrize("decorated", [True, False])
@pytest.mark.parametrize("logger", [None, logging.getLogger("app")])
def test_every_mode_calls_as_often_and_answers_the_same(
    monkeypatch: pytest.MonkeyPatch, mode: str, logger: logging.Logger | None, *, decorated: bool
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    calls: list[str] = []
    if decorated:
        page = retry.retry(OSError, tries=3, logger=logger)(failing)(calls)
    else:
        page = retry.retry_call(failing, [calls], exceptions=OSError, tries=3, logger=logger)
    assert page == "page"
    assert len(calls) == 2


def test_retry2_names_the_function_inside_partials_and_logs_the_traceback(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []
    operation = partial(partial(failing, calls), page="index")
    assert retry.retry_call(operation, tries=2, log_traceback=True) == "index"
    told, traceback = caplog.messages
    assert "failing" in told
    assert "retrying in 0 seconds" in told
    assert traceback.startswith("Traceback")


def test_retry2_may_log_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert retry.retry_call(failing, [[]], tries=2, on_exception=lambda error: None) == "page"
    assert len(caplog.messages) == 1
