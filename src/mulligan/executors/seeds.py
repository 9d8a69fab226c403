"""Fresh seeds for executions that were given none.

Rules: two executions never share a seed, not even in two processes forked from one parent: equal seeds would jitter
the herd in step. A seed is drawn after the first failure only. Nothing here is for secrets.
"""

from __future__ import annotations

import os
from itertools import count

__all__ = ["fresh_seed"]

# the golden ratio in 64 bits, as in splitmix64: consecutive counts become seeds far apart
_STEP = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_counter = count()


def _start() -> None:
    global _base  # noqa: PLW0603 - renewed after a fork
    _base = int.from_bytes(os.urandom(8), "big")


def fresh_seed() -> int:
    """Answer a seed that no other execution has, from 0 to 2^64 - 1.

    >>> fresh_seed() != fresh_seed()
    True
    """
    return (_base + next(_counter) * _STEP) & _MASK


_base: int = 0
_start()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start)
