"""backoff's wait generators: seconds. The first `send(None)` primes a generator and answers nothing.

Rules: numbers keep their type, so that whole seconds stay whole. The cap comes before any jitter.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

__all__ = ["constant", "expo", "fibo", "runtime"]

_PRIMING = cast("float", None)  # what the priming send answers, which nobody reads as a delay


def expo(base: float = 2, factor: float = 1, max_value: float | None = None) -> Generator[float, Any, None]:
    """Give `factor * base**n`, from n = 0, until `max_value`.

    Args:
        base: how many times longer each delay is.
        factor: the first delay in seconds.
        max_value: the greatest delay in seconds.

    >>> waits = expo(max_value=5)
    >>> waits.send(None), [next(waits) for _ in range(4)]
    (None, [1, 2, 4, 5])
    """
    yield _PRIMING
    n = 0
    while True:
        value = factor * base**n
        if max_value is not None and value >= max_value:
            yield max_value
        else:
            yield value
            n += 1


def fibo(max_value: float | None = None) -> Generator[float, None, None]:
    """Give 1, 1, 2, 3, 5, … until `max_value`.

    Args:
        max_value: the greatest delay in seconds.

    >>> waits = fibo(max_value=4)
    >>> waits.send(None), [next(waits) for _ in range(6)]
    (None, [1, 1, 2, 3, 4, 4])
    """
    yield _PRIMING
    value, following = 1, 1
    while max_value is None or value < max_value:
        yield value
        value, following = following, value + following
    while True:
        yield max_value


def constant(interval: float | Iterable[float] = 1) -> Generator[float, None, None]:
    """Give the interval again and again, or each of several, and then end.

    Args:
        interval: seconds, or several of them.

    >>> waits = constant([1, 5])
    >>> waits.send(None), list(waits)
    (None, [1, 5])
    """
    yield _PRIMING
    try:
        intervals = iter(cast("Iterable[float]", interval))  # what is no iterable is told by asking
    except TypeError:
        intervals = repeat(cast("float", interval))
    for seconds in intervals:  # noqa: UP028 - `yield from` would send values into the iterator
        yield seconds


def runtime(*, value: Callable[[Any], float]) -> Generator[float, Any, None]:
    """Give what a function reads out of each value or error.

    Args:
        value: answers seconds.

    >>> waits = runtime(value=lambda response: response["retry-after"])
    >>> waits.send(None), waits.send({"retry-after": 7})
    (None, 7)
    """
    sent = yield _PRIMING
    while True:
        sent = yield value(sent)
