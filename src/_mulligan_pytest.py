"""pytest's plugin of mulligan: the fixtures `virtual_clock`, `retry_events` and `no_retries`.

Rules: it stands outside of the package and imports nothing of it before a test asks for a fixture. So pytest starts as
fast as without it, and what is imported is imported when coverage measures already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from mulligan.testing import RecordedEvents, VirtualClock


@pytest.fixture
def virtual_clock() -> Generator[VirtualClock, None, None]:
    """Let every execution of this test sleep in virtual time; see `mulligan.testing.virtual_time`."""
    from mulligan.testing import virtual_time  # noqa: PLC0415 - see the module

    with virtual_time() as clock:
        yield clock


@pytest.fixture
def retry_events() -> Generator[RecordedEvents, None, None]:
    """Record what the executions of this test do; see `mulligan.testing.RecordedEvents`."""
    from mulligan.testing import recording  # noqa: PLC0415 - see the module

    with recording() as events:
        yield events


@pytest.fixture
def no_retries() -> Generator[None, None, None]:
    """Make every policy a single attempt in this test."""
    from mulligan.testing import no_retries as single  # noqa: PLC0415 - see the module

    with single():
        yield
