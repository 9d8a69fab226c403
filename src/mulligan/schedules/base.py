"""The base of the schedules: iteration, inspection and the algebra, on top of the one method `delay`.

Rules:
- Everything here is derived from `delay` and holds for anyone's subclass; the families override what they know better.
- `walk` gives the delays in order and in linear time; `delay` gives any of them. Both always agree.
- What a combination does stands in its own file; these methods only name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.schedules.arguments import check_seed
from mulligan.schedules.inspection import ANYTHING, Bounds, Mean
from mulligan.schedules.walking import estimate, walk
from mulligan.seed import fresh_seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.schedules.arguments import Seconds
    from mulligan.schedules.jitters import Jitter
    from mulligan.schedules.protocol import Schedule

__all__ = ["BaseSchedule"]


class BaseSchedule(Value):
    """A schedule with iteration, inspection and the algebra; subclass it to get them for your own `delay`.

    >>> class Squares(BaseSchedule):
    ...     unit: float
    ...     def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
    ...         return self.unit * retry**2
    >>> list(Squares(unit=0.5).take(3))
    [0.5, 2.0, 4.5]
    """

    if TYPE_CHECKING:  # the protocol's one method, which a subclass brings

        def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
            """Answer the delay in seconds before a retry; None when the schedule has ended."""
            ...

    @property
    def length(self) -> float | None:
        """Answer how many delays there are: infinity when it never ends, None when that depends on the draws."""
        return None

    @property
    def is_jittered(self) -> bool:
        """Say whether delays are drawn, so that a cap or another jitter would come too late."""
        return False

    @property
    def follows_previous(self) -> bool:
        """Say whether `delay` reads `previous`; combinations then replay the delays before."""
        return True

    def __iter__(self) -> Iterator[float]:
        """Iterate over the delays in seconds, with a seed drawn once."""
        return self.delays(seed=fresh_seed())

    def delays(self, *, seed: int) -> Iterator[float]:
        """Iterate over the delays in seconds.

        Args:
            seed: fixes the draws; the same seed gives the same delays everywhere.

        Raises:
            ConfigError: when the seed is no integer.

        >>> from mulligan.schedules import exponential, full_jitter
        >>> schedule = exponential(1).jittered(full_jitter()).take(3)
        >>> [round(delay, 3) for delay in schedule.delays(seed=7)]
        [0.39, 0.034, 3.603]
        """
        return self.walk(check_seed(seed))

    def walk(self, seed: int) -> Iterator[float]:
        """Give the delays in order, as `delays` does, without a check of the seed."""
        return walk(self, seed)

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the least and greatest possible delay of the first n retries; fewer when the schedule ends.

        Args:
            n: how many retries to look at.

        >>> from mulligan.schedules import exponential, full_jitter
        >>> exponential(1, cap=3).jittered(full_jitter()).bounds(3)
        (Bounds(least=0.0, greatest=1.0), Bounds(least=0.0, greatest=2.0), Bounds(least=0.0, greatest=3.0))
        """
        return (ANYTHING,) * n

    def mean(self, n: int) -> tuple[Mean, ...]:
        """Answer the expected delay of the first n retries; fewer when the schedule ends.

        A mean is exact where a formula exists. Elsewhere it is the mean over a thousand seeds (fewer, but a hundred at
        least, for more than 200 retries), always the same ones.

        Args:
            n: how many retries to look at.

        >>> from mulligan.schedules import constant, equal_jitter
        >>> constant(2).jittered(equal_jitter()).mean(1)
        (Mean(value=1.5, exact=True),)
        """
        bounds = self.bounds(n)
        if all(bound.fixed for bound in bounds):
            return tuple(Mean(bound.least, exact=True) for bound in bounds)
        return estimate(self.walk, bounds)

    def surely(self, n: int) -> int:
        """Answer how many of the first n delays come whatever the draws.

        Args:
            n: how many retries to look at.

        >>> from mulligan.schedules import constant
        >>> constant(2).take(3).surely(5)
        3
        """
        return 0 if self.length is None else int(min(n, self.length))

    def take(self, retries: int) -> BaseSchedule:
        """End after this many retries; `a.take(m).take(n)` is `a.take(min(m, n))`.

        Args:
            retries: 0 or more.

        Raises:
            ConfigError: when it is no such number.

        >>> from mulligan.schedules import constant
        >>> list(constant(0.5).take(2))
        [0.5, 0.5]
        """
        from mulligan.schedules.taking import take  # noqa: PLC0415 - a combination is itself a schedule

        return take(self, retries)

    def then(self, other: Schedule) -> BaseSchedule:
        """Go on with another schedule when this one ends; associative.

        The other one starts at its own first retry.

        Args:
            other: what comes after.

        Raises:
            ConfigError: when this schedule never ends.

        >>> from mulligan.schedules import constant, no_delay
        >>> list(no_delay().take(1).then(constant(5)).take(3))
        [0.0, 5.0, 5.0]
        """
        from mulligan.schedules.sequence import then  # noqa: PLC0415 - a combination is itself a schedule

        return then(self, other)

    def capped(self, cap: Seconds) -> BaseSchedule:
        """Bound the backoff, before any jitter; `a.capped(c).capped(d)` is `a.capped(min(c, d))`.

        Args:
            cap: the greatest delay in seconds, or a timedelta.

        Raises:
            ConfigError: when the cap is no duration, or when the schedule is jittered already: a bound after the
                jitter would gather the delays at the cap, so cap first.

        >>> from mulligan.schedules import linear
        >>> list(linear(1).capped(2.5).take(4))
        [1.0, 2.0, 2.5, 2.5]
        """
        from mulligan.schedules.capping import capped  # noqa: PLC0415 - a combination is itself a schedule

        return capped(self, cap)

    def jittered(self, kind: Jitter) -> BaseSchedule:
        """Draw every delay by this kind of jitter.

        Args:
            kind: such as `full_jitter()`.

        Raises:
            ConfigError: when it is no kind of jitter, or when the schedule is jittered already.

        >>> from mulligan.schedules import constant, proportional_jitter
        >>> constant(10).jittered(proportional_jitter(0.2)).bounds(1)
        (Bounds(least=8.0, greatest=12.0),)
        """
        from mulligan.schedules.jittering import jittered  # noqa: PLC0415 - a combination is itself a schedule

        return jittered(self, kind)

    def within(self, total: Seconds) -> BaseSchedule:
        """End before the delay that would bring the sum of all delays above a total.

        `a.within(s).within(t)` is `a.within(min(s, t))`. The sum is replayed for each delay, so that a delay stays a
        function of the seed; it counts delays alone, not the time that attempts take: that is a policy's timeout.

        Args:
            total: seconds, or a timedelta.

        Raises:
            ConfigError: when it is no duration.

        >>> from mulligan.schedules import exponential
        >>> list(exponential(1).within(10))
        [1.0, 2.0, 4.0]
        """
        from mulligan.schedules.total import within  # noqa: PLC0415 - a combination is itself a schedule

        return within(self, total)
