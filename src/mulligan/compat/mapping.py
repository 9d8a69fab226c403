"""How the parameters of a team's own helper map to a policy, as one value.

Rules: a mapping names parameters and is checked against the helper's signature when it is made. What a call gives for
them is read by their names, defaults included.
"""

from __future__ import annotations

from datetime import timedelta
from inspect import signature
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from mulligan._value import Value
from mulligan.errors import ConfigError
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules import additive_jitter, exponential, no_delay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from inspect import BoundArguments

    from mulligan.policy import Unlimited
    from mulligan.schedules import BaseSchedule

__all__ = ["Mapping", "Unit"]

Unit: TypeAlias = Literal["s", "ms"]
_PARAMETERS = (
    *("max_attempts", "max_retries", "base", "factor", "cap", "jitter"),
    *("retry_on", "operation", "args", "kwargs"),
)


class Mapping(Value):
    """Which parameter of a helper means what; "" where it has none for that.

    Args:
        max_attempts: attempts, the first included.
        max_retries: retries after the first attempt.
        base: the first delay.
        factor: how many times longer each delay is than the one before.
        cap: the greatest delay.
        jitter: how much is added to a delay at most, drawn evenly.
        retry_on: an exception type, several, or a predicate.
        unit: the unit of its lengths of time.
        operation: the operation, where the helper calls it itself and is no decorator.
        args: the operation's positional arguments.
        kwargs: the operation's keyword arguments.
    """

    max_attempts: str = ""
    max_retries: str = ""
    base: str = ""
    factor: str = ""
    cap: str = ""
    jitter: str = ""
    retry_on: str = ""
    unit: Unit = "s"
    operation: str = ""
    args: str = ""
    kwargs: str = ""

    def check(self, engine: Callable[..., object]) -> None:
        """Refuse names that the helper's signature doesn't have.

        Raises:
            ConfigError: when one is wrong.
        """
        self.fits(tuple(signature(engine).parameters))

    def fits(self, names: Sequence[str]) -> None:
        """Refuse names that are none of a helper's parameters.

        Args:
            names: the parameters of the helper.

        Raises:
            ConfigError: when one is wrong.

        >>> Mapping(max_attempts="tries").fits(["tries", "delay"])
        """
        if self.unit not in {"s", "ms"}:
            raise ConfigError("unit", self.unit, "give s or ms")
        for field in _PARAMETERS:
            name = getattr(self, field)
            if name and name not in names:
                raise ConfigError(field, name, f"no parameter of the helper: give one of {', '.join(names)}")
        if bool(self.max_attempts) is bool(self.max_retries):
            given = (self.max_attempts, self.max_retries)
            raise ConfigError("max_attempts", given, "name the parameter of either max_attempts or max_retries")

    def policy(self, bound: BoundArguments, site: str = "") -> Policy[object]:
        """Answer the policy that a call of the helper stands for.

        Args:
            bound: the call's arguments, defaults included.
            site: what to call the policy.

        Raises:
            ConfigError: when a value is none that a policy can have.
        """
        given = bound.arguments
        return Policy(
            name=site,
            retry_on=self._retry_on(given),
            schedule=self._schedule(given),
            max_attempts=self._attempts(given),
            note=False,
        )

    def _retry_on(self, given: dict[str, Any]) -> Any:
        errors: Any = given[self.retry_on] if self.retry_on else Exception
        return tuple(errors) if type(errors) in {list, set, frozenset} else errors

    def _attempts(self, given: dict[str, Any]) -> int | Unlimited:
        name = self.max_attempts or self.max_retries
        number = given[name]
        if number is None or number == float("inf") or (isinstance(number, int) and number < 0):
            return UNLIMITED
        if not isinstance(number, int) or isinstance(number, bool) or (self.max_attempts and number == 0):
            raise ConfigError(name, number, "give a whole number of attempts, or set legacy for the site")
        return number if self.max_attempts else number + 1

    def _schedule(self, given: dict[str, Any]) -> BaseSchedule:
        base = self._seconds(given, self.base)
        cap = self._seconds(given, self.cap)
        factor = float(given[self.factor]) if self.factor else 1.0
        grown = exponential(base, factor=factor) if base else no_delay()
        schedule = grown if cap is None else grown.capped(cap)
        jitter = self._seconds(given, self.jitter)
        return schedule.jittered(additive_jitter(jitter)) if jitter else schedule

    def _seconds(self, given: dict[str, Any], name: str) -> float | None:
        value = given[name] if name else None
        if value is None:
            return None
        if isinstance(value, timedelta):
            return value.total_seconds()
        return float(value) / (1000 if self.unit == "ms" else 1)
