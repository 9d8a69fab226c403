"""Where a seed comes from when nobody gives one: the one place of the schedules' world that isn't pure.

Rules:
- A seed is an integer of 64 bits; it is drawn once for an iteration or an execution, never once for a delay.
- No two share a seed, not even in two processes forked from one parent: equal seeds would jitter the herd in step.
- Seeds are consecutive, which the schedules' generator takes for unrelated; asking the operating system each time would
  cost as much as the rest of a recovered failure. Nothing here is for secrets.
"""

from __future__ import annotations

import os
from itertools import count

__all__ = ["fresh_seed"]


def _start() -> None:
    global _seeds  # noqa: PLW0603 - renewed after a fork
    _seeds = count(int.from_bytes(os.urandom(7), "big"))


def fresh_seed() -> int:
    """Answer a seed that nothing else has.

    >>> 0 <= fresh_seed() < 2**64, fresh_seed() != fresh_seed()
    (True, True)
    """
    return next(_seeds)


_seeds: count[int] = count()
_start()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start)
