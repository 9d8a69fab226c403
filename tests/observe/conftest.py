"""No listener leaves anything behind: neither itself nor a span that is still the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry import trace

from mulligan import audience

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    assert audience.everywhere is None
    assert trace.get_current_span() is trace.INVALID_SPAN
