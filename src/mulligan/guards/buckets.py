"""Counters over a sliding time window, cut into buckets: pure functions of tuples.

A window of `count` buckets with `width` counters each is one flat tuple: the number of the newest bucket, then the
counters, oldest bucket first. Rules:
- A bucket is `span` seconds long; an instant belongs to the bucket `floor(now / span)`.
- An instant before the newest bucket counts as if it were in it: clocks of several threads or machines may disagree.
"""

from __future__ import annotations

from math import floor
from operator import add as plus
from typing import TypeAlias

__all__ = ["Window", "add", "advance", "empty", "total"]

Window: TypeAlias = tuple[float, ...]


def empty(count: int, width: int) -> Window:
    """Answer a window in which nothing was counted.

    >>> empty(2, 3)
    (0, 0, 0, 0, 0, 0, 0)
    """
    return (0,) * (1 + count * width)


def advance(window: Window, span: float, width: int, now: float) -> Window:
    """Answer the window as it is at an instant: what is too old is gone.

    Args:
        window: as it was.
        span: seconds of a bucket.
        width: how many counters a bucket has.
        now: the instant, in seconds.

    >>> advance((10, 1, 2, 3), 1.0, 1, 12.5)
    (12, 3, 0, 0)
    """
    newest = floor(now / span)
    if newest <= window[0]:
        return window
    cells = (len(window) - 1) // width
    gone = min(newest - int(window[0]), cells) * width
    return (newest, *window[1 + gone :], *(0,) * gone)


def add(window: Window, amounts: tuple[float, ...]) -> Window:
    """Answer the window with amounts added to its newest bucket.

    >>> add((12, 3, 0, 0), (5,))
    (12, 3, 0, 5)
    """
    width = len(amounts)
    return (*window[:-width], *map(plus, window[-width:], amounts))


def total(window: Window, width: int, counter: int) -> float:
    """Answer the sum of one counter over the window.

    >>> total((12, 3, 1, 4, 1), 2, 0)
    7
    """
    return sum(window[1 + counter :: width])
