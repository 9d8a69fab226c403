"""retrying's stops and waits, one method each: code names them, calls them and overrides them.

Rules: lengths of time are milliseconds, and numbers keep their type. Where several waits are given, the longest counts.
"""

from __future__ import annotations

import random
from math import ceil, isfinite

from mulligan._value import Value

__all__ = ["Families", "Limits"]


class Limits(Value):
    """The stop that `stop_max_attempt_number` and `stop_max_delay` make.

    Args:
        attempts: how many attempts are made; `None` where there is no such limit.
        milliseconds: after which a failure is final; `None` where there is no such limit.
    """

    attempts: float | None
    milliseconds: float | None

    def __call__(self, attempts: int, delay: int) -> bool:
        """Answer whether no attempt follows."""
        enough = self.attempts is not None and attempts >= self.attempts
        return enough or (self.milliseconds is not None and delay >= self.milliseconds)

    @property
    def seconds(self) -> float | None:
        """Answer the limit in seconds, to be compared with whole milliseconds in seconds; `None` where there is none.

        Elapsed time is counted in whole milliseconds, which reach a limit where they reach the next whole one. Divided
        as it is, a limit could round to 0, or to a number that fewer milliseconds round to as well.

        >>> [Limits(attempts=None, milliseconds=limit).seconds for limit in (5e-324, 1000.0000000000001)]
        [0.001, 1.001]
        """
        if self.milliseconds is None:
            return None
        return ceil(self.milliseconds) / 1000 if isfinite(self.milliseconds) else self.milliseconds


class Families:
    """The methods of `Retrying` that answer whether to stop and how long to wait."""

    _stop_max_attempt_number: float
    _stop_max_delay: float
    _wait_fixed: float
    _wait_random_min: int
    _wait_random_max: int
    _wait_incrementing_start: float
    _wait_incrementing_increment: float
    _wait_incrementing_max: float
    _wait_exponential_multiplier: float
    _wait_exponential_max: float

    def stop_after_attempt(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> bool:  # noqa: ARG002
        """Answer whether `stop_max_attempt_number` attempts were made."""
        return previous_attempt_number >= self._stop_max_attempt_number

    def stop_after_delay(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> bool:  # noqa: ARG002
        """Answer whether `stop_max_delay` milliseconds have passed."""
        return delay_since_first_attempt_ms >= self._stop_max_delay

    @staticmethod
    def no_sleep(previous_attempt_number: int, delay_since_first_attempt_ms: int) -> float:  # noqa: ARG004
        """Answer 0."""
        return 0

    def fixed_sleep(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> float:  # noqa: ARG002
        """Answer `wait_fixed`."""
        return self._wait_fixed

    def random_sleep(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> float:  # noqa: ARG002
        """Draw whole milliseconds from `wait_random_min` to `wait_random_max`, both included."""
        return random.randint(self._wait_random_min, self._wait_random_max)  # noqa: S311 - no secret

    def incrementing_sleep(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> float:  # noqa: ARG002
        """Answer `start + increment * (n - 1)`, within 0 and `wait_incrementing_max`."""
        grown = self._wait_incrementing_start + self._wait_incrementing_increment * (previous_attempt_number - 1)
        return max(0, min(grown, self._wait_incrementing_max))

    def exponential_sleep(self, previous_attempt_number: int, delay_since_first_attempt_ms: int) -> float:  # noqa: ARG002
        """Answer `multiplier * 2**n`, within 0 and `wait_exponential_max`."""
        try:
            grown = self._wait_exponential_multiplier * 2**previous_attempt_number
        except OverflowError:
            grown = self._wait_exponential_max
        wait: float = max(0, min(grown, self._wait_exponential_max))
        return wait

    @staticmethod
    def never_reject(result: object) -> bool:  # noqa: ARG004
        """Answer False."""
        return False

    @staticmethod
    def always_reject(result: object) -> bool:  # noqa: ARG004
        """Answer True."""
        return True
