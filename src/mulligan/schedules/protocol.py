"""What a schedule is: one pure method, so that anyone can write their own.

Rules: the same arguments always give the same answer; a schedule never sleeps, logs, or looks at a clock.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

__all__ = ["Schedule"]


@runtime_checkable
class Schedule(Protocol):
    """A pure, immutable description of a sequence of delays.

    >>> class Squares:
    ...     def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
    ...         return float(retry**2) if retry <= 3 else None
    >>> isinstance(Squares(), Schedule)
    True
    """

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        """Answer the delay before a retry.

        Args:
            retry: number of the retry, 1 for the first one.
            seed: fixes every random draw of the execution.
            previous: seconds that this schedule gave for the retry before, None at the first.

        Returns:
            Seconds to sleep before the retry; None when the schedule has ended.
        """
        ...
