"""What can be said about a schedule without running it: the bounds of a delay and its mean.

Rules: bounds hold for every seed (to 1 ns); a mean says whether a formula gave it or a sample.
"""

from __future__ import annotations

from mulligan._value import Value

__all__ = ["ANYTHING", "Bounds", "Mean"]


class Bounds(Value, kw_only=False):
    """The least and the greatest possible delay of a retry, in seconds.

    >>> Bounds(0.0, 0.5).midpoint
    0.25
    """

    least: float
    greatest: float

    @property
    def midpoint(self) -> float:
        """Answer the middle in seconds: the mean of an even draw."""
        return self.least + (self.greatest - self.least) / 2

    @property
    def fixed(self) -> bool:
        """Say whether there is one possible delay."""
        return self.least == self.greatest

    def at(self, share: float) -> float:
        """Answer the delay in seconds that lies this share of the way from least to greatest.

        Args:
            share: 0 for the least, 1 for the greatest.

        >>> Bounds(1.0, 3.0).at(0.25)
        1.5
        """
        return min(self.greatest, self.least + share * (self.greatest - self.least))


class Mean(Value, kw_only=False):
    """The expected delay of a retry, in seconds; `exact` is False when it is the mean of a sample.

    >>> Mean(0.25, exact=True).value
    0.25
    """

    value: float
    exact: bool


ANYTHING = Bounds(0.0, float("inf"))
"""The bounds of a schedule that nothing is known about."""
