"""Where a seed comes from when nobody gives one: the one place of the schedules' world that isn't pure.

Rules: a seed is an integer of 64 bits; it is drawn once for an iteration or an execution, never once for a delay.
"""

from __future__ import annotations

import os

__all__ = ["fresh_seed"]


def fresh_seed() -> int:
    """Draw a seed from the operating system.

    >>> 0 <= fresh_seed() < 2**64
    True
    """
    return int.from_bytes(os.urandom(8), "big")
