"""A counter-based generator: the draw of a retry is a function of seed and retry number, with no state in between.

It is SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) read at any
position: position k of the stream of a seed is `mix(seed + k * GAMMA)`. Rules:
- integers alone, so that every platform and every Python version draws the same;
- `uniform(advance(seed, k), retry) == uniform(seed, k + retry)`: a schedule that starts after k retries draws what
  it would have drawn at these positions, hence `then` is associative to the last bit.
"""

from __future__ import annotations

__all__ = ["advance", "uniform"]

_GAMMA = 0x9E3779B97F4A7C15
_BITS = 0xFFFFFFFFFFFFFFFF


def advance(seed: int, retries: int) -> int:
    """Answer the seed whose stream starts this many retries later.

    Args:
        seed: any integer; it counts modulo 2**64.
        retries: how many positions to move on.

    >>> uniform(advance(7, 3), 1) == uniform(7, 4)
    True
    """
    return (seed + retries * _GAMMA) & _BITS


def uniform(seed: int, retry: int) -> float:
    """Draw from [0, 1) for a retry, evenly and always the same.

    Args:
        seed: any integer; it counts modulo 2**64.
        retry: number of the retry, 1 for the first one.

    >>> uniform(7, 1)
    0.3898297483912715
    """
    return (_mix(advance(seed, retry)) >> 11) * 2.0**-53


def _mix(position: int) -> int:
    position = ((position ^ (position >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
    position = ((position ^ (position >> 27)) * 0x94D049BB133111EB) & _BITS
    return position ^ (position >> 31)
