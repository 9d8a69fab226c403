"""What the explanation takes for granted, and a figure with how it was come by."""

from __future__ import annotations

from mulligan._value import Value
from mulligan.errors import ConfigError

__all__ = ["Conditions", "Figure"]


class Conditions(Value):
    """The world that a policy is explained in: attempts fail by chance, each by itself, and take equally long.

    Args:
        failure_rate: the share of attempts that fail with an error that is retried, from 0 to 1.
        latency: seconds that an attempt takes.
        layers: how many layers of a call chain retry by this policy.

    Raises:
        ConfigError: when a number can't be one.

    >>> Conditions()
    Conditions(failure_rate=0.1, latency=0.1, layers=1)
    """

    failure_rate: float = 0.1
    latency: float = 0.1
    layers: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no share, no duration and no count."""
        if not 0.0 <= self.failure_rate <= 1.0:
            raise ConfigError("failure_rate", self.failure_rate, "give a share from 0 to 1")
        if not 0.0 <= self.latency < float("inf"):
            raise ConfigError("latency", self.latency, "give seconds from 0")
        if self.layers < 1:
            raise ConfigError("layers", self.layers, "give a whole number from 1")
        self._settle(failure_rate=float(self.failure_rate), latency=float(self.latency))


class Figure(Value, kw_only=False):
    """A number; `exact` is False where it is an estimate, or a bound that may not be reached.

    >>> Figure(1.5, exact=True).value
    1.5
    """

    value: float
    exact: bool
