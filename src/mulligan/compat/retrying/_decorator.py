"""retrying's decorator."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from mulligan.compat.retrying._retrying import Retrying

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from mulligan.compat.retrying._retrying import RetryOn, Stops, Waits

__all__ = ["retry"]

P = ParamSpec("P")
R = TypeVar("R")


@overload
def retry(fn: Callable[P, R], /) -> Callable[P, R]: ...


@overload
def retry(
    stop: str | None = None,
    wait: str | None = None,
    stop_max_attempt_number: float | None = None,
    stop_max_delay: float | None = None,
    wait_fixed: float | None = None,
    wait_random_min: int | None = None,
    wait_random_max: int | None = None,
    wait_incrementing_start: float | None = None,
    wait_incrementing_increment: float | None = None,
    wait_incrementing_max: float | None = None,
    wait_exponential_multiplier: float | None = None,
    wait_exponential_max: float | None = None,
    retry_on_exception: RetryOn | None = None,
    retry_on_result: Callable[[Any], bool] | None = None,
    wrap_exception: bool = False,
    stop_func: Stops | None = None,
    wait_func: Waits | None = None,
    wait_jitter_max: float | None = None,
    before_attempts: Callable[[int], object] | None = None,
    after_attempts: Callable[[int], object] | None = None,
    logger: logging.Logger | bool | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def retry(*dargs: Any, **dkw: Any) -> Callable[..., Any]:  # the overloads hold the types
    """Decorate a function so that each call is retried; with `@retry` or `@retry(...)`.

    Args:
        dargs: the positional arguments of `Retrying`, or the function.
        dkw: the keyword arguments of `Retrying`.

    >>> @retry(stop_max_attempt_number=3, wait_fixed=200)
    ... def fetch(page: str) -> str:
    ...     return page.upper()
    >>> fetch("page")
    'PAGE'
    """
    if len(dargs) == 1 and callable(dargs[0]):
        return _decorated(dargs[0], Retrying)

    def decorate(fn: Callable[P, R]) -> Callable[P, R]:
        return _decorated(fn, lambda: Retrying(*dargs, **dkw))

    return decorate


def _decorated(fn: Callable[P, R], make: Callable[[], Retrying]) -> Callable[P, R]:
    """Decorate; what is wrong with the arguments shows at the first call, as in the original."""
    made: list[Retrying] = []

    @wraps(fn)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if not made:
            made.append(make())
        return made[0].call(fn, *args, **kwargs)

    return wrapped
