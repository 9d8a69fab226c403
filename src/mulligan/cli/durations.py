"""How a duration is shown to people: three digits and the unit that fits."""

from __future__ import annotations

__all__ = ["duration"]

_UNITS = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9))


def duration(seconds: float) -> str:
    """Answer a duration as text.

    Args:
        seconds: 0 or more.

    >>> [duration(seconds) for seconds in (0, 0.0333, 0.9996, 1.5, 90, 5400, 1e9)]
    ['0 s', '33.3 ms', '1 s', '1.5 s', '1.5 min', '1.5 h', '11,574 d']
    """
    for unit, size in _UNITS:
        if float(f"{seconds / size:.3g}") >= 1:
            return f"{_digits(seconds / size)} {unit}"
    return "0 s"


def _digits(number: float) -> str:
    return f"{number:,.0f}" if number >= 999.5 else f"{number:.3g}"
