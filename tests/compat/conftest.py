"""Virtual time and the divergences of shadow mode, for the tests of shims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mulligan.compat import Diverged, listen
from mulligan.compat.divergence import reset
from mulligan.testing import virtual_time

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def sleeps() -> Generator[list[float]]:
    """Answer the sleeps; time passes by them alone. No site is left to be summed up at exit."""
    reset()
    with virtual_time(foreign=True) as clock:
        yield clock.sleeps
    reset()


@pytest.fixture
def seen() -> Generator[list[Diverged]]:
    """Answer the divergences. No site is left to be summed up at exit."""
    reset()
    events: list[Diverged] = []
    stop = listen(events.append)
    yield events
    stop()
    reset()
