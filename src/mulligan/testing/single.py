"""Tests without retries: every policy is a single attempt, as `MULLIGAN_DISABLED=1` makes it.

Rules: it counts for the whole process, as the operator's switch does, and the switch is put back at the end.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mulligan.executors import switch

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["no_retries"]


@contextmanager
def no_retries() -> Generator[None, None, None]:
    """Make every policy a single attempt, so that the first failure shows.

    >>> from mulligan import Policy, try_execute
    >>> with no_retries():
    ...     try_execute(Policy(retry_on=ValueError, max_attempts=5), int, "x").attempts
    1
    """
    before = switch.disabled
    switch.disabled = True
    try:
        yield
    finally:
        switch.disabled = before
