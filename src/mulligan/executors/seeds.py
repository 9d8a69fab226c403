"""Fresh seeds for executions that were given none.

Rules: two executions never share a seed, not even in two processes forked from one parent: equal seeds would jitter
the herd in step. Seeds are consecutive, which the schedules' generator takes for unrelated. A seed is drawn after
the first failure only. Nothing here is for secrets.
"""

from __future__ import annotations

import os
from itertools import count

__all__ = ["fresh_seed"]


def _start() -> None:
    global _seeds  # noqa: PLW0603 - renewed after a fork
    _seeds = count(int.from_bytes(os.urandom(7), "big"))


def fresh_seed() -> int:
    """Answer a seed that no other execution has.

    >>> fresh_seed() != fresh_seed()
    True
    """
    return next(_seeds)


_seeds: count[int] = count()
_start()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start)
